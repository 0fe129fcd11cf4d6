"""Words by which somebody stands to something without saying it in so many words. Data only."""

from __future__ import annotations

from typing import Final

from articles.extraction.lists import words as word_list

VERBS: Final = word_list(
    "accuse acknowledge address admire admit advise advocate agree allege announce anticipate",
    "apologise apologize appreciate approve argue ask assail assert assess assume attack badmouth ban bash",
    "believe bemoan blame blast boast brag brand call cast caution champion characterise",
    "characterize cite claim comment commit complain concede conclude condemn confirm congratulate",
    "consider contemplate contend credit criticise criticize critique decide declare decline decry",
    "defend demand demonstrate denounce deny deplore depict deride describe detail dismiss disagree disavow",
    "disclose discover discredit discuss dispute distrust doubt dub echo embrace emphasise emphasize",
    "encourage endorse envision estimate evaluate evoke examine expect explain express eye fault favor favour",
    "fear feel float focus forecast foresee frame fret gauge gush hail hint hope identify ignore",
    "illustrate imply indicate insist insult intend investigate invoke joke judge know label lambaste lament",
    "laud liken list lobby mention mock mourn mull note object offer oppose outline penalise perceive",
    "plan pledge poll portray praise preach predict prefer press proclaim project promise promote pronounce",
    "propose prove push question quote realise realize rebuff rebuke recall recite recognise recognize",
    "recommend recount refer reference refuse regard regret reiterate reject remark remember remind report",
    "reprimand repudiate request respond retort reveal ridicule rip roast rule scold scorn see seek show shun",
    "signal slam slight speculate spell spurn stress study suggest support suspect talk target taunt tell",
    "testify theorise theorize think threaten tout trash trumpet underline underscore understand unveil",
    "urge veto view visualise voice vote vow want warn weigh welcome wish wonder worry write yearn attempt",
    "resist learn consent concur demur advertise applaud blog broadcast certify chronicle clarify convince",
    "disapprove dream editorialise forbid formulate guarantee instruct mandate petition plead protest",
    "reassure renew resent specify sympathise tease tweet uphold withhold publicise spotlight",
)
"""Base forms; `forms` makes the others. All of them tell a stance, a wish, a judgement or a finding."""

IRREGULAR: Final = word_list(
    "felt foresaw foreseen found forbade forbidden knew known learnt overheard saw seen shown sold sought",
    "spoke spoken told thought understood understand withheld wrote written swore sworn said says say saying",
    "forgot forgets",
)
NOUN_TOO: Final = word_list(
    "answer answers attack attacks bid call calls campaign campaigns cast challenge claim claims comment",
    "comments critique cut debate debates demand demands dream dreams effort estimate estimates explain fault",
    "favor favour fear fears flag focus forecast gauge grant hint hints hope hopes insult insults label",
    "labels lament list lists mandate mention note notes object objects offer offers order orders outline",
    "plan plans pledge pledges poll polls praise press project projects promise promises propose protest",
    "protests push question questions quote quotes rally reference refuse regard regards regret report",
    "reports request requests respect rule rules second share shares show shows signal signals slight stress",
    "study studies support supports suspect suspects talk talks target targets threat tweet tweets value",
    "values view views voice voices vote votes vow vows want wants warrant wish wishes wonder worry worries",
    "need desire trust trash brand credit doubt doubts petition petitions advocate advocates appeal endorse",
    "blog broadcast exhibit market premise remark remarks spotlight",
)
"""Spellings that are verbs only where something before them says so."""

SEEMING: Final = word_list("seem seems seemed appear appears appeared look looks sound sounds sounded")
"""What stands before and after these is somebody's impression; nobody is named."""

PASSIVES: Final = word_list(
    "expected believed thought seen considered said reported alleged rumoured rumored regarded viewed",
    "described called accused criticized criticised praised supposed perceived projected estimated predicted",
    "scheduled suspected feared deemed dubbed named labeled labelled understood quoted cited asked urged told",
    "required designed intended meant aimed planned proposed identified recognized recognised portrayed",
    "depicted likened mocked derided blamed charged credited touted hailed condemned denounced opposed",
    "supported endorsed",
)
"""After a form of "be": "is expected to", "was widely seen as"."""

NOUNS: Final = word_list(
    "support opposition criticism criticisms praise concern concerns question questions doubt doubts worry",
    "worries fear fears hope hopes demand demands request requests call calls plan plans proposal proposals",
    "promise promises pledge pledges threat threats allegation allegations accusation accusations charge",
    "charges claim claims report reports rumour rumours rumor rumors statement statements comment comments",
    "remark remarks view views opinion opinions belief beliefs position positions stance stances attitude",
    "attitudes suggestion suggestions assertion assertions assessment assessments estimate estimates",
    "prediction predictions forecast forecasts warning warnings admission confession denial denials",
    "endorsement endorsements rejection refusal approval disapproval backing argument arguments",
    "discussion discussions speculation suspicion suspicions skepticism scepticism desire desires",
    "wish wishes intention intentions commitment commitments decision recommendation recommendations attack",
    "attacks critique complaint complaints outrage frustration enthusiasm passion love hatred respect",
    "admiration contempt disdain sympathy story stories article articles account accounts description",
    "explanation explanations interpretation announcement announcements declaration expectation expectations",
    "perception reputation evidence reference references response responses",
    "apology apologies bid push attempt campaign advocacy confidence trust distrust",
    "optimism resentment confusion consensus",
)
"""With a preposition and an object behind them, or a clause."""

PREPOSITIONS: Final = word_list(
    "about of for to that against on over toward towards in at from with as regarding whether"
)
FINDERS: Final = word_list(
    "poll polls survey surveys study studies analysis analyses report reports data figures average research review",
    "audit statistics numbers results documents records census investigation",
)
POLLS: Final = word_list("poll polls survey surveys study studies analysis census")
FINDINGS: Final = word_list(
    "show shows showed shown found finds suggest suggests suggested indicate indicates indicated put puts reveal"
    " reveals revealed estimate estimates estimated conclude concludes concluded"
)
"""What polls and studies do; a finder near by makes a verb of the spelling."""

ADJECTIVES: Final = word_list(
    "wary critical supportive skeptical sceptical confident proud afraid fearful hopeful optimistic",
    "pessimistic worried concerned convinced certain sure aware unaware doubtful dubious dismissive",
    "determined eager keen reluctant willing unwilling ready prepared happy unhappy glad angry furious",
    "outraged upset disappointed frustrated frightened scared sorry grateful thankful interested uninterested",
    "open opposed committed loyal sympathetic suspicious unclear uncertain clear",
)
"""After a form of "be" and before a preposition, "that" or "to"."""


def forms(base: str) -> tuple[str, ...]:
    """The base and its regular forms: "deny" gives denies, denied, denying."""
    if base.endswith("e"):
        return base, base + "s", base + "d", base[:-1] + "ing"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    ending = "es" if base.endswith(("s", "sh", "ch", "x")) else "s"
    doubled = base + base[-1]
    return base, base + ending, base + "ed", base + "ing", doubled + "ed", doubled + "ing"


VERB_FORMS: Final = frozenset(form for base in VERBS for form in forms(base)) | IRREGULAR
