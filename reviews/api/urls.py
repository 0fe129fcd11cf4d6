"""The addresses of the API, below /api/v1/."""

from django.urls import path

from reviews.api import articles, public, verdicts

urlpatterns = [
    path("articles/", articles.ArticleList.as_view(), name="api-articles"),
    path("articles/<int:pk>/", articles.ArticleOne.as_view(), name="api-article"),
    path("claims/", articles.ClaimList.as_view(), name="api-claims"),
    path("claims/<int:pk>/", articles.ClaimOne.as_view(), name="api-claim"),
    path("claims/<int:pk>/take/", verdicts.ClaimTake.as_view(), name="api-claim-take"),
    path("evidence/<int:pk>/keep/", articles.EvidenceKeep.as_view(), name="api-evidence-keep"),
    path("evidence/<int:pk>/drop/", articles.EvidenceDrop.as_view(), name="api-evidence-drop"),
    path("evidence/<int:pk>/stance/", articles.EvidenceStance.as_view(), name="api-evidence-stance"),
    path("reviews/", verdicts.ReviewList.as_view(), name="api-reviews"),
    path("reviews/<int:pk>/", verdicts.ReviewOne.as_view(), name="api-review"),
    path("reviews/<int:pk>/propose/", verdicts.ReviewPropose.as_view(), name="api-review-propose"),
    path("reviews/<int:pk>/approve/", verdicts.ReviewApprove.as_view(), name="api-review-approve"),
    path(
        "reviews/<int:pk>/request_changes/",
        verdicts.ReviewRequestChanges.as_view(),
        name="api-review-request-changes",
    ),
    path("publications/", verdicts.PublicationList.as_view(), name="api-publications"),
    path("publications/<int:pk>/", verdicts.PublicationOne.as_view(), name="api-publication"),
    path("publications/<int:pk>/publish/", verdicts.PublicationPublish.as_view(), name="api-publication-publish"),
    # what everybody may read
    path("verdicts/", public.VerdictList.as_view(), name="api-verdicts"),
    path("verdicts/<slug:slug>/", public.VerdictOne.as_view(), name="api-verdict"),
    path("verdicts/<slug:slug>/claimreview/", public.VerdictClaimReview.as_view(), name="api-verdict-claimreview"),
    path("changes/", public.ChangeList.as_view(), name="api-changes"),
    path("scales/", public.ScaleList.as_view(), name="api-scales"),
    path("scales/<int:pk>/", public.ScaleOne.as_view(), name="api-scale"),
]
