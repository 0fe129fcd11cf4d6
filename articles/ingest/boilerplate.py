"""Lines of the page or the desk, not of the story: links, calls to share, bylines, end marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from articles.ingest.credits import is_copyright_notice
from articles.ingest.lines import ends_sentence
from articles.ingest.names import is_pure_name, split_names
from articles.ingest.stamps import read_stamp
from articles.ingest.words import word_set

if TYPE_CHECKING:
    from articles.ingest.pieces import Reason

MAX_LINE: Final = 240
MAX_BYLINE: Final = 120

# "Label: a headline elsewhere". The label must be followed by a colon or be the whole line, since
# "Related deaths rose by a third." is a sentence.
LABELS: Final = (
    r"read (?:more|also|next|on|the full story)(?: (?:here|about[^:]{0,60}|on[^:]{0,60}))?|see also"
    r"|also read|related(?: (?:articles?|stor(?:y|ies)|news|topics|content|coverage|links?))?"
    r"|more on this(?: story)?|more (?:stories|news|from[^:]{0,40})|recommended(?: for you)?"
    r"|most (?:read|popular)|trending(?: now)?|share(?: this(?: article| story)?)?(?: on [^:]{0,40})?"
    r"|tweet|print|e-?mail(?: this)?|comments?|whatsapp|copy link|save|listen(?: to this article)?"
    r"|watch(?: (?:live|now|more))?|live updates|tags?|topics?|keywords?|advertisement"
    r"|sponsored(?: content)?|continue reading|skip to (?:main )?content|back to top|menu|home"
    r"|newsletter|follow us|contact us|about us|privacy policy|terms of (?:use|service)"
    r"|cookie settings|sign (?:in|up)|log ?in|subscribe|register|download the app"
    r"|\d+ min(?:ute)?s? read|читайте также|читать также|по теме|поделиться|подписаться"
    r"|подписывайтесь|реклама|комментарии|читайте також|дивіться також|поділитися|lire aussi"
    r"|à lire aussi|partager|publicité|s'abonner|voir aussi|lea también|le puede interesar"
    r"|te puede interesar|compartir|publicidad|suscríbete|leia também|veja também|compartilhar"
    r"|publicidade|assine|lesen sie auch|mehr zum thema|siehe auch|teilen|anzeige|werbung|اقرأ أيضا"
    r"|اقرأ أيضاً|شارك|إعلان"
)
LABEL: Final = re.compile(rf"(?:[>►▶•|-]\s?)?(?:{LABELS})\s?(?:[:>»›…]+(?:\s.*)?|[.!|]?)$", re.IGNORECASE)
CALL: Final = re.compile(
    r"(?:please )?(?:subscribe to|sign up (?:for|to|now)|follow (?:us|@\w+|our)|join us on"
    r"|download (?:our|the) \w+ app|click here|tap here|like us on|share this (?:story|article)"
    r"|get the latest .{0,80}(?:inbox|newsletter)|this (?:site|website) uses cookies|we use cookies"
    r"|(?:have|got|do you have) (?:a|any) (?:news )?(?:tip|story)|for more stories like this|like this story\?"
    r"|if you (?:buy|purchase) (?:something|a product|an item)|(?:this|the) (?:slideshow|video|site) requires"
    r"|skip past newsletter|we may earn (?:a|an affiliate) commission|to view this video"
    r"|send (?:us )?(?:a )?tips? to|contact the (?:reporter|author)s?|our standards: the thomson"
    r"|подпи(?:шитесь|сывайтесь) на|підписуйтесь на|abonnez-vous|suscríbase|assine a|abonnieren sie)\b",
    re.IGNORECASE,
)
LINK: Final = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.me/)\S+$", re.IGNORECASE)
END_MARK: Final = re.compile(
    r"(?:-\s?30\s?-|#{2,}|\*{3,}|(?:- )?ends?(?: -)?|\(?more(?: to follow)?\)?|_{3,}|-{3,}|={3,})$", re.I
)
DESK_WORK: Final = r"(?:reporting|writing|editing|translation|graphics|compiled|research|production)"
SIGN_OFF: Final = re.compile(
    rf"[(\[]?(?:(?:additional |with )?{DESK_WORK}(?: and {DESK_WORK})?(?: by)?|edited by)[: ].{{2,220}}$",
    re.IGNORECASE,
)
SIGN_OFF_AUTHORS: Final = re.compile(
    r"(?<!dditional )\b(?:reporting|writing)(?: and (?:writing|editing|reporting))? by "
    r"(?P<names>[^;.)\]]{2,160})",
    re.IGNORECASE,
)
SIGN_OFF_WORDS: Final = word_set(
    "reporting writing editing translation graphics compiled additional research production edited by",
    "and in with for at the de van von der al el from",
)
BYLINE: Final = re.compile(r"(?:by|von|por|par|автор:?|text:|author:|written by)\s(?P<names>\S.*)$", re.IGNORECASE)
# "By Jane Roe in Ostrel", "By Jane Roe, Tessel Wire", "By Jane Roe | 19 Nov": what stands behind the people.
AFTER_NAMES: Final = re.compile(
    r"(?:,\s(?:the\s)?\S*(?:\s\S+)?\s?(?:wire|press|news|staff|correspondent|editor|reporter)\b"
    r"|\s[|–—/-]\s|\s(?:in|for|at)\s).*$",
    re.IGNORECASE,
)


def boilerplate_reason(line: str) -> Reason:
    """Why this line is not part of the story; "" when it is."""
    if len(line) > MAX_LINE:
        return ""
    if LINK.match(line):
        return "link"
    if END_MARK.match(line):
        return "end mark"
    if is_copyright_notice(line):
        return "copyright notice"
    if _is_sign_off(line):
        return "sign-off"
    if LABEL.match(line) or CALL.match(line):
        return "navigation"
    return "time stamp" if read_stamp(line) else ""


def _is_sign_off(line: str) -> bool:
    """ "Reporting by A; Editing by B": names, and no verb that would make it a sentence."""
    if not SIGN_OFF.match(line):
        return False
    small = [word for word in re.findall(r"[^\W\d_]+", line) if word.islower()]
    return all(word in SIGN_OFF_WORDS for word in small)


def sign_off_authors(line: str) -> tuple[str, ...]:
    """Who reported, from "(Reporting by Jane Roe in Ostrel; Editing by John Doe)"."""
    match = SIGN_OFF_AUTHORS.search(line)
    return _people(match["names"]) if match else ()


def byline_authors(line: str) -> tuple[str, ...]:
    """The people of a line such as "By Jane Roe and John Doe"; () when it is no byline."""
    match = BYLINE.match(line) if len(line) <= MAX_BYLINE and not ends_sentence(line) else None
    if not match:
        return ()
    people = AFTER_NAMES.sub("", match["names"])
    return _people(people) if is_pure_name(people) else ()


def _people(names: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\s(?:in|for|at)\s.*$", "", name) for name in split_names(names))
