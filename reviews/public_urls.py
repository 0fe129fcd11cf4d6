"""What is open to everybody. These addresses never change."""

from django.urls import path

from reviews.views import facttools, feeds, oembed, public, sitemaps

urlpatterns = [
    path("verdicts/", public.verdicts, name="verdicts"),
    path("verdicts/<slug:slug>/", public.verdict, name="verdict"),
    path("verdicts/<slug:slug>/claimreview.json", public.verdict_claimreview, name="verdict-claimreview"),
    path("how-we-work/", public.method, name="method"),
    path("feeds/verdicts.atom", feeds.atom, name="feed-atom"),
    path("feeds/verdicts.rss", feeds.rss, name="feed-rss"),
    path("feeds/verdicts.json", feeds.json_feed, name="feed-json"),
    path("feeds/claimreview.json", feeds.claimreview, name="feed-claimreview"),
    path("v1alpha1/claims:search", facttools.claims_search, name="facttools-search"),
    path("oembed", oembed.oembed, name="oembed"),
    path("embed/<slug:slug>/", oembed.embed, name="embed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news-sitemap"),
    path("robots.txt", public.robots, name="robots"),
]
