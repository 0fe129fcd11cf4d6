"""What is open to everybody. These addresses never change."""

from django.urls import path

from reviews.views import facttools, feeds, guest, letters, oembed, public, sharecards, sitemaps, versions

urlpatterns = [
    path("verdicts/", public.verdicts, name="verdicts"),
    path("verdicts/<slug:slug>/", public.verdict, name="verdict"),
    path("verdicts/<slug:slug>/claimreview.json", public.verdict_claimreview, name="verdict-claimreview"),
    path("verdicts/<slug:slug>/versions/<int:number>/", versions.version, name="verdict-version"),
    path("verdicts/<slug:slug>/versions/<int:number>/changes/", versions.changes, name="verdict-changes"),
    path("verdicts/<slug:slug>/versions/<int:number>/card.png", sharecards.share_card, name="share-card"),
    path("verdicts/<slug:slug>/timegate/", versions.timegate, name="verdict-timegate"),
    path("verdicts/<slug:slug>/timemap/", versions.timemap, name="verdict-timemap"),
    path("reports/<int:pk>/", public.report, name="report"),
    path("corrections/", versions.all_corrections, name="corrections"),
    path("how-we-work/", public.method, name="method"),
    path("ask/", letters.ask, name="ask"),
    path("verdicts/<slug:slug>/complain/", letters.complain, name="complain"),
    path("letters/thanks/", letters.thanks, name="letter-thanks"),
    path("letters/<uuid:token>/", letters.status, name="letter-status"),
    path("logo.png", public.logo, name="logo"),
    path("feeds/verdicts.atom", feeds.atom, name="feed-atom"),
    path("feeds/verdicts.rss", feeds.rss, name="feed-rss"),
    path("feeds/verdicts.json", feeds.json_feed, name="feed-json"),
    path("feeds/corrections.atom", feeds.corrections_atom, name="feed-corrections-atom"),
    path("feeds/corrections.rss", feeds.corrections_rss, name="feed-corrections-rss"),
    path("feeds/corrections.json", feeds.corrections_json, name="feed-corrections-json"),
    path("feeds/claimreview.json", feeds.claimreview, name="feed-claimreview"),
    path("feeds/archive.zip", feeds.dump, name="dump"),
    path("v1alpha1/claims:search", facttools.claims_search, name="facttools-search"),
    path("oembed", oembed.oembed, name="oembed"),
    path("embed/<slug:slug>/", oembed.embed, name="embed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("sitemap-reports.xml", sitemaps.sitemap_reports, name="sitemap-reports"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news-sitemap"),
    path("answer/<slug:token>/", guest.answer, name="guest-answer"),
    path("robots.txt", public.robots, name="robots"),
]
