"""The words that report speech, in classes that behave alike. Data only; the rules are in `attribution`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from articles.extraction.base import SpeakerStance

SAY: Final = word_list(
    "say said says saying tell told tells telling add added adds adding write wrote writes tweeted tweets",
    "posted replied replies replying explained explains explaining continued noted notes noting recalled",
    "recalls responded responds stated stating remarked remarking commented testified joked quipped concluded",
    "concludes declared declares declaring wondered asked asks asking mused observed",
    "sagte sagt erklärte betonte meinte teilte dit déclaré affirmé affirme expliqué explique déclare",
    "dijo dice afirmó explicó declaró señaló aseguró disse diz afirmou declarou explicou",
    "сказал сказала заявил заявила сообщил сообщила отметил отметила подчеркнул говорит сказав заявив",
    "повідомив повідомила сказала قال قالت أضاف أضافت أكد أكدت صرح أعلن أعلنت",
)
"""Verbs that take a bare clause, a that-clause or a quotation, before or after it."""

CLAIM: Final = word_list(
    "claim claims claimed claiming argue argues argued arguing insist insists insisted insisting warn warns",
    "warned warning allege alleges alleged alleging maintain maintains maintained contend contends contended",
    "report reports reported reporting suggest suggests suggested suggesting acknowledge acknowledges",
    "acknowledged acknowledging admit admits admitted admitting concede conceded concedes assert asserts",
    "asserted asserting believe believes believed believing think thinks thought predict predicts predicted",
    "predicting estimate estimates estimated announce announces announced announcing reveal reveals revealed",
    "revealing confirm confirms confirmed confirming emphasize emphasized emphasizes emphasised stress stressed",
    "stresses stressing reiterate reiterated reiterates boast boasted boasts complain complained complains",
    "complaining indicate indicated indicates indicating vow vowed vows vowing promise promised promises pledge",
    "pledged pledges hope hopes hoped fear fears feared agree agreed agrees assume assumes assured",
    "swear swore expect expects expected affirm affirmed signal signaled signalled hint hinted hinting",
    "counter countered caution cautioned proclaimed speculated speculate theorized guess lamented urge urged",
    "urges urging advised advises contended proposed recommended ruled know knows knew feel feels felt",
    "find finds found show shows showed learn learned learns discover discovered conclude realize realized",
    "understand understands remember worried worry worries decided note mention mentioned mentions pointed",
    "want wants wanted demand demanded demands threaten threatened threatens request requested",
    "criticized criticised accused accuses accusing blamed blames praised called calls calling described",
    "describes describing dubbed slammed blasted dismissed dismissing branded labeled labelled characterized",
    "denounced condemned mocked hailed touted decried ridiculed likened cited citing quoted quoting quotes",
)
"""Verbs that report as well, but do other work too: they need "that", a quotation or a clear clause."""

DENY: Final = word_list(
    "deny denies denied denying rejects rejected rejecting reject refute refutes refuted refuting dispute",
    "disputes disputed disputing dismiss dismisses dismissed rebuts rebutted disavowed contradicted",
    "bestritt bestreitet dementiert dementierte nie démenti dément negó niega negou nega desmintió desmentiu",
    "опроверг опровергла отрицает отрицал نفى نفت",
)
QUESTION: Final = word_list(
    "ask asks asked asking question questions questioned questioning wonder wonders wondered wondering doubt",
    "doubts doubted doubting inquired inquires",
)
THAT_ONLY: Final = word_list(
    "know knows knew feel feels felt find finds found show shows showed learn learned learns discover",
    "discovered realize realized understand understands remember worried worry worries decided expect expects",
    "expected agree agreed agrees guess reveal hope hoped fear fears feared swear swore mention mentioned",
    "mentions pointed signal signaled hint hinted ruled proposed recommended advised demand demanded demands",
    "request requested threaten threatened threatens vow vowed vows vowing promise promised promises pledge",
    "pledged pledges indicate indicated indicates indicating announced announces announce reveals",
    "revealed revealing confirm confirmed report reported reports reporting predict predicted show estimate",
    "stressed stress emphasized emphasised complain complained urged urge urges urging assured assume assumes",
    "understand note notes noted noting cited quoted suggest suggests suggested suggesting speculated",
)
"""Members of `CLAIM` after which a bare clause is believed only when it has a subject and a verb in reach."""

QUOTE_ONLY: Final = word_list(
    "want wants wanted criticized criticised accused accuses accusing blamed blames praised called calls",
    "calling described describes describing dubbed slammed blasted dismissed dismissing branded labeled",
    "labelled characterized denounced condemned mocked hailed touted decried ridiculed likened cited citing",
    "quoted quoting quotes request requested",
)
"""Members of `CLAIM` that report speech only together with quoted words (or "to" and a verb)."""

TO_VERBS: Final = word_list(
    "vow vowed vows vowing promise promised promises pledge pledged pledges threaten threatened threatens",
    "want wants wanted hope hopes hoped urge urged urges urging call calls called agreed offered refused",
    "plans planned intends asked claims claimed demanded told expect expects expected",
)
"""Verbs whose "to ..." tells what somebody says they will or want to do."""

NOUNS: Final = word_list(
    "claim claims report reports allegation allegations accusation accusations suggestion suggestions rumour",
    "rumours rumor rumors statement assertion assertions speculation belief fear fears concern concerns",
    "warning warnings idea hope hopes view argument evidence complaint complaints notion",
)
"""Nouns that carry a that-clause."""

BARE_DENIALS: Final = word_list(
    "deny denies denied denying rejects rejected rejecting refute refutes refuted refuting"
)
"""Denials that are news in themselves, with or without the words that are denied."""

REPORT_NOUNS: Final = word_list(
    "claim claims report reports allegation allegations accusation accusations suggestion suggestions rumour",
    "rumours rumor rumors assertion assertions speculation",
)
"""The nouns among them that stand for what unnamed others have said."""

NOUN_OR_VERB: Final = word_list(
    "claim claims report reports fear fears hope hopes state states note notes comment comments estimate",
    "estimates show shows find finds feel question questions doubt doubts demand demands threat request warning",
    "post call calls quotes view stress promise pledge signal hint say counter caution posted plans dispute",
    "disputes finding feeling reporting telling vow vows worry worries guess promises pledges urge",
)
"""Spellings that are nouns after a determiner or an adjective."""

FIRST_PERSON_SHELLS: Final = (
    r"(?:well,? |look,? |yes,? |no,? |and |but |so |now )?"
    r"(?:I|we) (?:can |could |would |will |must |have to |only |also |just |still |want to |really |do )*"
    r"(?:confirm|say|tell you|think|believe|know|hope|repeat|stress|emphasi[sz]e|note|add|assure you|remind you"
    r"|understand|admit|guess|suppose|feel|heard|am (?:sure|certain|confident|convinced|told|aware))"
    r"(?: to (?:you|everyone|all of you))?(?: again| here)?(?: that)?,?(?: indeed,| yes,| of course,| in fact,)?\s+"
)
"""A speaker's own wrapping of what they assert: "I can only confirm to you that, indeed, ..."."""

TITLES: Final = word_list(
    "mr mrs ms dr sir dame lord lady president vice prime minister chancellor king queen prince princess pope",
    "senator congressman congresswoman representative governor mayor secretary general colonel captain major",
    "sergeant lieutenant admiral judge justice chief ceo cfo coo chairman chairwoman chair director founder",
    "spokesman spokeswoman spokesperson leader premier ambassador commissioner professor doctor attorney sheriff",
    "detective officer deputy speaker candidate nominee billionaire entrepreneur actor actress singer author",
    "former ex then acting interim first lady foreign defence defense interior finance health state minister's",
    "analyst economist businessman lawyer coach manager editor journalist reporter aide adviser advisor",
    "rep sen gov gen col sgt lt capt cmdr hon rev imam rabbi bishop archbishop cardinal father sister",
    "republican democratic democrat presidential envoy counsel head inspector superintendent constable",
    "treasurer councillor councilman councilwoman alderman magistrate prosecutor commander",
)
"""Titles and trades that stand before a name and are not part of it."""

UNNAMED: Final = word_list(
    "media sources source officials official reports report police authorities people critics experts analysts",
    "witnesses investigators residents lawmakers reporters documents data figures newspapers outlets",
    "researchers scientists doctors prosecutors supporters opponents activists aides diplomats campaign",
)
ADVERBS: Final = word_list(
    "later also has had have then repeatedly previously recently reportedly already once again earlier now",
    "who's have even only further simply just too never still publicly privately initially subsequently",
    "first since soon immediately all both himself herself themselves often did does do not n't is was were",
    "are been being be to will would could might may must should can quickly once so flatly firmly",
)
"""What may stand between the subject and its reporting verb."""


def stance_of(cue: str) -> SpeakerStance:
    """What a speaker does with the content, by the reporting word in small letters."""
    if cue in DENY:
        return "denies"
    return "questions" if cue in QUESTION else "asserts"
