"""Errors as stable codes; the words live in one registry.

Every rule of the project that says no raises a `FactcheckError` subclass with a code registered here.
Pages, admin, API and commands translate it in one place each; nothing else catches it.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (Transient keeps it as a value)
from typing import ClassVar, Final

from django.utils.translation import gettext

MESSAGES: Final[dict[str, str]] = {
    # input
    "input.not_json": "Line {line} is not a JSON object: {detail}. Write one object a line.",
    "input.missing_field": "The field {field!r} is missing. Each line needs {needs}.",
    "input.wrong_type": "The field {field!r} must be {needs}.",
    "input.not_found": "{path} does not exist. Check the path.",
    "input.is_folder": "{path} is a folder. Name the files in it.",
    "input.no_stories": "{path} holds nothing to take in. Hand in a folder or a file with stories.",
    "input.not_a_file": "{path} is neither a file nor a folder.",
    "input.line_too_long": "Line {line} has more than {limit} bytes, which is the most that is read of one story.",
    "input.unreadable": "{path} cannot be read: {detail}.",
    "input.bad_gzip": "{path} ends in .gz but is not a whole gzip file.",
    "article.empty": "There is no text in it. Hand in a story with at least one sentence.",
    "article.too_large": "The text has {size} bytes; at most {limit} are taken. Hand in one story at a time.",
    "article.binary": "This is not text. Hand in plain wire text encoded as UTF-8.",
    "article.encoding": "The text is not valid {encoding}. Save it as UTF-8 and hand it in again.",
    "article.bad_time": "The field {field!r} is no time: {value!r}. Write it as 2026-11-19T08:42:00Z.",
    "article.failed": "Reading it failed ({detail}), which is a fault of this program. Report it with this file.",
    "article.unknown_format": "Files ending in {suffix!r} cannot be read yet. Known: {known}.",
    "article.malformed": "This is not whole {format}: {detail}. Export it again and hand in the new file.",
    "article.hostile": "This file is refused because it could do harm: {detail}.",
    "article.encrypted": "This {format} is locked with a password. Remove the password and hand it in again.",
    "article.scanned": "The pages are pictures without text. Run text recognition (OCR) on it first.",
    "article.several": "There are {count} stories in it. Add it as a source to be watched, or hand in one story.",
    "article.no_story": "This {format} holds no story. Known: {known}.",
    "article.not_yours": "The desk has an article from this address that is not yours. Ask a desk editor.",
    "article.held": "Its article is on hold. A desk editor can resume it.",
    "draft.known": "This is word for word revision {number}, which the desk has.",
    "draft.text_changed": "The article has had another revision since you compared. Compare again.",
    "submission.nothing": "Paste the text, choose a file or give its address.",
    "submission.several": "Give the text, a file or an address: one of the three.",
    "submission.due_past": "This time has passed. Give a time to come, or none.",
    "article.no_body": "No sentence was left after credits and navigation were taken away.",
    "bulk.act": "There is no such act. Known: {known}.",
    "bulk.none": "No claim is selected. Select some first.",
    "bulk.many": "At most {most} claims at once. Select fewer.",
    "bulk.yours": "you have it already.",
    "claim.bad_priority": "A priority is a whole number from 0 to 100.",
    "origin.too_many": "At most {most} {what} are kept. Leave out the least important.",
    "origin.nameless": "Somebody who made the claim has no name. Write it, or empty the line.",
    "origin.twice": "The same {what} stands there twice. Leave one of the two.",
    "origin.two_firsts": "Only one place can be the first. Mark one.",
    "origin.bad_kind": "There is no kind {value!r}. Known: {known}.",
    "origin.bad_url": "{url!r} is not a web address. Give one that begins with https:// or http://.",
    "origin.clip_of_what": "Only a video or a sound recording has a beginning and an end. Leave the times empty.",
    "origin.bad_clip": "A passage of a recording ends after it begins. Give both in seconds.",
    "profile.logo": "The logo cannot be used: {detail}. Hand in a PNG, JPEG, WebP or GIF of at most 512 KB.",
    "letter.words": "Write what it is about, in {most} characters at most.",
    "letter.about_what": "A complaint is about a page. Write from the page that is wrong.",
    "letter.url": "That is not a web address. Give one that begins with https://, or leave it empty.",
    "letter.answer": "Write the answer, in {most} characters at most.",
    "letter.full": "The desk has more letters than it can read. Try again tomorrow.",
    "tag.bad_name": "{name!r} cannot be a subject. Use letters or digits, {most} characters at most.",
    "tag.too_many": "A page has at most {most} subjects. Leave out the least important.",
    "sample.size": "A sample has 1 to {most} verdicts. Say how many.",
    "search.no_words": "There is no word to look for. Give at least one letter or number.",
    "view.name": "Give the view a name of 1 to {most} characters.",
    "view.name_taken": "There is a view named “{name}” already. Take another name.",
    "view.too_many": "There are {most} saved views already. Remove one first.",
    "undo.nothing": "There is nothing left to undo.",
    "undo.changed": "Claim {number} has been changed since, so nothing was undone.",
    "desk.unknown": "There is no desk named {slug!r}. Known: {known}.",
    "desk.has_it": "{desk} has this article already, or one from the same address.",
    "triage.bad_answer": "{name}: answers are whole numbers from 0 to 3, or left open.",
    "notice.unknown_event": "{names}: nobody can be told of that.",
    "settings.language": "{name!r} is no language of this desk. Choose one of the list.",
    "settings.time_zone": "{name!r} is no time zone. Choose one of the list.",
    "settings.chat_url": "{url} cannot receive messages. Give an address with https:// and a host, without a user.",
    # outbound requests
    "http.bad_url": "{url} is not a web address that may be fetched. Use http:// or https:// and a host name.",
    "http.forbidden_address": "{host} is not a public address, so it is not fetched.",
    "http.too_large": "{url} sent more than {limit} bytes, which is the most that is read.",
    "http.too_many_redirects": "{url} redirected more than {limit} times.",
    "http.timeout": "{host} did not answer within {seconds} seconds.",
    "http.unreachable": "{host} cannot be reached: {detail}.",
    "http.wrong_type": "{url} is {found}, not {wanted}.",
    "http.status": "{host} answered {status}.",
    "http.throttled": "{host} asked us to wait.",
    # sources
    "source.unknown_kind": "There is no connector named {kind!r}. Known: {known}.",
    "source.bad_settings": "The settings of this source are not right: {detail}.",
    "source.bad_answer": "{host} sent something that could not be read: {detail}.",
    # scoring
    "scoring.few_decisions": "{found} decisions of this desk are too few to learn from. Decide on {wanted} claims.",
    "scoring.one_sided": "All decisions of this desk are of one kind. It takes confirmed and dismissed claims.",
    "scoring.bad_factor": "{name!r} is no weight for a reason: use a known reason and a number from 0 to 5.",
    "scoring.unknown": "There is no version {number} of the scoring.",
    # watched places
    "watch.bad_url": "{url} cannot be watched. Give an address with http:// or https:// and a host.",
    "watch.taken": "{url} is watched already, as {name!r}.",
    # language models
    "prefill.ended": "This question has been answered or given up already.",
    "wayback.refused": "The Wayback Machine will not keep {url}: {detail}",
    "wayback.busy": "The Wayback Machine could not keep it now: {detail}",
    "wayback.none": "There is no copy from that time, and asking for one is switched off.",
    "archive_feed.taken_over": "Another worker reads {name} now, or it was switched off.",
    "llm.bad_settings": "The settings of the language model are not right: {detail}.",
    "llm.refused": "The language model refused to answer.",
    "llm.truncated": "The language model's answer was cut off at its limit of {limit} tokens.",
    "llm.wrong_shape": "The language model's answer does not have the shape it was asked for: {detail}.",
    "llm.article_budget": "The {limit} tokens that one article may cost are used up.",
    "llm.day_budget": "The {limit} tokens that one day may cost are used up.",
    "llm.deadline": "The {seconds} seconds that one article may take are over.",
    # workflow
    "workflow.wrong_state": "{action} is not possible while this is {state}. Reload to see what happened.",
    "workflow.changed": "Somebody else changed this a moment ago. Reload, look, and decide again.",
    "workflow.not_allowed": "You may not {action} here. {needs}",
    "label.not_ours": "Labels are for the desk’s own texts, before they are published.",
    "label.unknown": "The label must be one of {known}.",
    "label.words_needed": "Write the words that are to stand there instead.",
    "material.nothing": "Give an address, a file or a text.",
    "material.several": "Give a file or a text, not both.",
    "material.format": "Files of this kind are not read here. Bring one of {known}, or paste its text.",
    "material.not_read": "There is no text of it yet: wait until it is fetched, or paste the text.",
    "material.not_there": "These words are not in the kept text of “{title}”. {detail}",
    "review.own_proposal": "You proposed this verdict, so someone else must approve it.",
    "review.author": "This is your own text, so others check it.",
    "review.recused": "You keep out of this because of a conflict. A desk editor can lift that, with a reason.",
    "recusal.own": "Somebody else must lift that you keep out.",
    "review.judge_first": "Judge it blind first: the desk wants a second verdict before the first one is seen.",
    "review.sealed": "The first verdict is sealed, and with it what was made of the evidence. Judge it blind first.",
    "review.judged": "A second verdict is there already, and it stays as it is.",
    "review.third_needed": "The two verdicts are far apart, so a desk editor who gave neither decides.",
    "review.no_third": "The two verdicts are close enough for their two people. Nobody else decides.",
    "review.third_other": "The desk editor judged otherwise. Ask for changes.",
    "review.gate": "Not yet: {detail}",
    "review.unknown_label": "There is no label {label!r} on this scale. Known: {known}.",
    "review.reason_needed": "Say why: this act needs a note.",
    "signoff.author": "You wrote this text, so someone else must sign it off.",
    "signoff.alone": "You approved every verdict in it, so someone else must sign it off.",
    "signoff.open": "Not yet: {detail}.",
    "signoff.text_changed": "The text has changed since you looked at it. Read the new revision first.",
    "lease.held": "{name} is editing since {since}. You can read, comment and add evidence.",
    "lease.other_window": "You are editing this in another window since {since}. Go on there, or take over here.",
    "lease.not_yours": "This claim is not yours to write on now. Take it first; your text is kept.",
    "follow_up.not_live": "This verdict is not out, so nobody is asked to correct.",
    "follow_up.bad_place": "{url} is no place elsewhere. Give an address with http:// or https:// of another site.",
    "follow_up.no_outlet": "Say which outlet it is, or give the address.",
    "follow_up.no_words": "Write what they are asked, in at most {most} characters.",
    "follow_up.bad_time": "Give a time to answer that lies ahead, and at most a year.",
    "follow_up.bad_outcome": "{outcome!r} is no outcome. Known: {known}.",
    "follow_up.not_asked": "They were not asked yet. Ask first, or put it aside.",
    "follow_up.ended": "This one has ended: {outcome}.",
    "follow_up.bad_act": "An outlet can be asked, or what came of it noted.",
    "query.no_question": "Write the question first.",
    "query.no_name": "Say who is asked.",
    "query.bad_mail": "{address!r} is no e-mail address.",
    "query.bad_time": "Give a time to answer that lies ahead, and at most a year.",
    "query.no_answer": "Write the answer first.",
    "query.bad_way": "{way!r} is no way for this. Use {known}.",
    "query.nothing_claimed": "This claim was put aside, so there is nothing to ask about.",
    "query.not_yours": "This question is for {name}. Only they, or somebody who may add evidence, can answer it.",
    "query.open": "{names} still has time to answer. Wait, or take the question back.",
    "query.link_ended": "This link has ended. Answer the e-mail or letter that brought you here.",
    "query.too_long": "That is more than {limit} characters. Shorten it.",
    "draft.bad_name": "{name!r} is no field of a form of this desk.",
    "draft.changed": "This text was changed in another window. Both are kept: choose one.",
    "claim.bad_span": "Characters {start} to {end} are not a place in this text.",
    "claim.no_proposal": "Nothing like these words is in the new text. Say that they are gone, or mark new words.",
    "claim.place_taken": "Claim {number} holds these words already. Say that this one is gone, or leave it.",
    "claim.merge_itself": "A claim cannot be merged into itself.",
    "claim.merge_closed": "Claim {number} is {state}. Choose one that is being checked.",
    "match.as_it_was": "That is decided so already: {state}.",
    "match.sealed": "You judge this claim blind. What it was called before is shown when your verdict is saved.",
    "match.no_claim": "The earlier review is no verdict on a claim of this desk: there is nothing to merge into.",
    "claim.merge_desk": "The other claim is on another desk. Both must be on one.",
    "claim.split_number": "Write one claim a line: {least} to {most} of them.",
    "claim.split_twice": "Two lines say the same. Write each claim once.",
    "claim.bad_decision": "{decision!r} is no answer. Use {known}.",
    "claim.reason_needed": "Say why this claim is dismissed: {known}.",
    "claim.search_words": "Write at most {most} letters to search with, and beside them at most {most_loose}.",
    "claim.empty_statement": "Write the claim as a sentence of its own.",
    "tick.bad_decision": "{decision!r} is no answer. Use {known}.",
    "tick.gone": "The text no longer says this, so there is nothing to look at. Confirm that you know.",
    "annotation.empty": "Write the note first.",
    "annotation.no_edit": "This note suggests no other words for a claim.",
    "annotation.moved_on": "The wording has changed since, or the note is resolved. Look again.",
    "annotation.bad_document": "This cannot be read as W3C Web Annotations: {detail}.",
    "annotation.words_not_found": "These words are not in the text, or not only once. Copy them as they stand there.",
    "evidence.bad_stance": "{stance!r} is not a stance. Use supports, refutes or context.",
    "evidence.bad_visibility": "{visibility!r} is no visibility. Use public, described or confidential.",
    "evidence.no_place": "Give a page, paragraph or time. Readers must be able to find it.",
    "publication.lint": "The ClaimReview is not valid: {detail}",
    "publication.not_approved": "Nobody has approved this verdict yet. It can be published once a second person has.",
    "publication.time_past": "This time has passed. Give a time to come, or publish now.",
    "publication.embargoed": "Under embargo until {until:%-d %B %Y, %H:%M} GMT. Schedule it, or lift the embargo.",
    "publication.before_embargo": "The embargo holds until {until:%-d %B %Y, %H:%M} GMT. Give that time, or later.",
    "publication.not_live": "This verdict is not out, so there is nothing to look at again.",
    "publication.not_due": "Nobody has asked to look at this verdict again.",
    "publication.newer_verdict": "A newer verdict was proposed. Publish it as a new version, or send it back first.",
    "publication.label_changed": "Readers see another answer than before ({old}, now {new}): this is a correction.",
    "publication.own_verdict": "You proposed this verdict, so someone else must correct or retract it.",
    "publication.bad_change": "{change!r} is no kind of change. Use {known}.",
    "publication.note_needed": "Tell readers what changed: this kind of change needs a public note.",
    "webhook.bad_url": "{url} cannot receive webhooks. Give an address with https:// and a host, without a user.",
    "webhook.bad_events": "{names} cannot be subscribed to. Known: {known}.",
    "webhook.off": "{name} is switched off. Switch it on first.",
    "webhook.on_its_way": "This is being delivered already.",
    "tools.off": "Nothing is pushed to Fact Check Tools. Set FACTCHECKTOOLS_ACCOUNT first.",
    "tools.account": "FACTCHECKTOOLS_ACCOUNT is not the key file (JSON) of a service account.",
    "tools.token": "No access token for Fact Check Tools: {status} {words}",
    "tools.refused": "Fact Check Tools answered {status}. {words}",
    "facttools.query_needed": "Request must contain query or reviewPublisherSiteFilter.",
    "facttools.bad_value": "Invalid value for {name}: {value!r}. It must be {needs}.",
    "facttools.unknown_name": "Unknown name {name!r}: cannot bind query parameter.",
    "facttools.bad_token": "Invalid value for pageToken: it belongs to a request with other parameters.",
    "broker.down": "The queue cannot be reached. Nothing is lost: the work is kept and starts when it is back.",
    "request.precondition": "If-Match names version {given}, but this is at {held}. Read it again and decide.",
    "request.if_match": "If-Match must be one version in quotes, as the ETag of this resource gives it.",
    "request.version_needed": "Say which version this is about: send If-Match with the ETag you have read, or "
    "`version` in the body.",
    "request.too_large": "The body has more than {limit} bytes, which is the most that is read here.",
    "request.too_deep": "The JSON is nested deeper than {limit} levels.",
    "request.unknown_parameter": "There is no parameter named {name!r} here. Known: {known}.",
    "request.bad_limit": "The limit must be a whole number from 1 to {most}.",
    "changes.ahead": "The feed ends at {newest}, before {since}. It is not the one you read: begin without since.",
    "idempotency.bad_key": "An Idempotency-Key is a string of at most 200 printable ASCII characters.",
    "idempotency.reused": "Idempotency-Key is already used: it came with another request. Make a new key.",
    "idempotency.running": "A request is outstanding for this Idempotency-Key. Try again when it has ended.",
    "idempotency.secret": "The answer holds a secret, which is kept nowhere: send this without Idempotency-Key.",
    "rate.exceeded": "That was more than {limit} requests in a minute. Go on in {seconds} seconds.",
    "key.none": "You came with a session. This is about the key a program comes with.",
    "scale.used": "A verdict was given with this scale, so it stays as it is. Make a new version of it.",
    "scale.off_axis": "{names}: the value must lie from {worst} to {best}, or be left empty for off the axis.",
    "key.other_person": "A key for {scopes} decides in its person's name, so you can make it for yourself only. "
    "For somebody else, it is made on the server.",
    "key.scope": "This key lacks the scope {scope}.",
    "not_found": "There is no {what} here.",
}


class FactcheckError(Exception):
    """A rule said no. `code` is stable for programs; `detail` tells a person what to do, in their language.

    `str(error)` is the same in English, for logs.

    Raises KeyError at once when the code is not registered, so that no error can leave without words.
    """

    http_status: ClassVar[int] = 400

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(MESSAGES[code].format(**values))

    @property
    def detail(self) -> str:
        return gettext(MESSAGES[self.code]).format(**self.values)


class Invalid(FactcheckError):
    """The input is wrong; the same input will be wrong again."""

    http_status = 422


class NotAllowed(FactcheckError):
    """The actor lacks the right, or the two-person rule forbids it."""

    http_status = 403


class NotFound(FactcheckError):
    """The thing does not exist, or the actor may not know that it does."""

    http_status = 404


class WrongState(FactcheckError):
    """The act does not fit the state the thing is in now; somebody may have been first."""

    http_status = 409


class Locked(FactcheckError):
    """Somebody else is typing here just now."""

    http_status = 423


class PreconditionFailed(FactcheckError):
    """The client says which version it acts on, and that is not the one there is."""

    http_status = 412


class PreconditionRequired(FactcheckError):
    """The act needs to know which version it is about."""

    http_status = 428


class Malformed(FactcheckError):
    """The request itself cannot be read."""

    http_status = 400


class TooLarge(FactcheckError):
    """There is more of it than is read."""

    http_status = 413


class TooMany(FactcheckError):
    """The caller has used up what it may ask for in this minute; `seconds` until it may go on."""

    http_status = 429

    def __init__(self, code: str, *, seconds: int, **values: object) -> None:
        self.seconds = seconds
        super().__init__(code, seconds=seconds, **values)


class Transient(FactcheckError):
    """The outside world failed in a way that may pass; `retry_at` is the earliest useful time, if known."""

    http_status = 503

    def __init__(self, code: str, *, retry_at: datetime | None = None, **values: object) -> None:
        self.retry_at = retry_at
        super().__init__(code, **values)


class Permanent(FactcheckError):
    """The outside world failed in a way that will not pass by waiting."""

    http_status = 502
