"""The pages of the desk. Public pages, feeds and the API have files of their own."""

from __future__ import annotations

from django.urls import URLPattern, path

from reviews.views import article, claim, insights, queue, signoff, typing

app_name = "reviews"
urlpatterns: list[URLPattern] = [
    path("", queue.queue, name="queue"),
    path("next/", queue.next_for_me, name="next"),
    path("insights/", insights.dashboard, name="insights"),
    path("insights/sample/", insights.sample, name="insights-sample"),
    path("insights/<slug:key>.csv", insights.figure_csv, name="insights-csv"),
    path("insights/<slug:key>.json", insights.figure_json, name="insights-json"),
    path("bulk/", queue.bulk, name="bulk"),
    path("undo/", queue.undo, name="undo"),
    path("reviews/", queue.second_reviews, name="reviews"),
    path("articles/", article.articles, name="articles"),
    path("articles/new/", article.article_new, name="article-new"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/claims/", article.claim_of_words, name="claim-of-words"),
    path("articles/<int:pk>/notes.jsonld", article.notes_export, name="notes-export"),
    path("articles/<int:pk>/notes/", article.note_on_words, name="note-on-words"),
    path("articles/<int:pk>/lines/", signoff.lines, name="lines"),
    path("articles/<int:pk>/sentences/", signoff.sentence, name="sentence"),
    path("articles/<int:pk>/sign-off/", signoff.sign_off, name="sign-off"),
    path("articles/<int:pk>/sign-off/undo/", signoff.undo, name="sign-off-undo"),
    path("articles/<int:pk>/backup/", signoff.backup, name="backup"),
    path("claims/<int:pk>/", claim.claim, name="claim"),
    path("claims/<int:pk>/act/", claim.act, name="act"),
    path("claims/<int:pk>/confirm/", claim.confirm, name="confirm"),
    path("claims/<int:pk>/dismiss/", claim.dismiss, name="dismiss"),
    path("claims/<int:pk>/restore/", claim.restore, name="restore"),
    path("claims/<int:pk>/follow/", claim.follow, name="follow"),
    path("claims/<int:pk>/reword/", claim.reword, name="reword"),
    path("claims/<int:pk>/assign/", claim.assign, name="assign"),
    path("claims/<int:pk>/evidence/", claim.add_evidence, name="add-evidence"),
    path("claims/<int:pk>/prefill/", claim.prefill, name="prefill"),
    path("claims/<int:pk>/gates/", claim.gates, name="gates"),
    path("claims/<int:pk>/propose/", claim.propose, name="propose"),
    path("claims/<int:pk>/approve/", claim.approve, name="approve"),
    path("claims/<int:pk>/publish/", claim.publish, name="publish"),
    path("claims/<int:pk>/publication/", claim.publication, name="publication"),
    path("claims/<int:pk>/notes/", claim.add_note, name="add-note"),
    path("claims/<int:pk>/draft/", typing.draft, name="draft"),
    path("claims/<int:pk>/lease/", typing.lease, name="lease"),
    path("claims/<int:pk>/presence/", typing.presence, name="presence"),
    path("claims/<int:pk>/ask/", typing.ask, name="ask-to-take-over"),
    path("claims/<int:pk>/take-over/", typing.take_over, name="take-over"),
    path("claims/<int:pk>/hand-over/", typing.hand_over, name="hand-over"),
    path("evidence/<int:pk>/decide/", claim.decide, name="decide"),
    path("evidence/<int:pk>/visibility/", claim.visibility, name="visibility"),
    path("evidence/<int:pk>/snapshot/", claim.snapshot, name="snapshot"),
    path("runs/<int:pk>/again/", claim.ask_again, name="ask-again"),
    path("notes/<int:pk>/reply/", claim.reply, name="reply"),
    path("notes/<int:pk>/resolve/", claim.resolve, name="resolve"),
]
