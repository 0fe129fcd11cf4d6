"""Single words that set off a named feature, in small letters. Data only; patterns are in `features`."""

from __future__ import annotations

from typing import Final

from articles.extraction.lists import words as word_list

NUMBER_WORDS: Final = word_list(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty",
    "seventy eighty ninety hundred hundreds thousand thousands dozen dozens",
)
PAST: Final = word_list(
    "was were had did went came took gave made said told got began became won lost met led left sent held ran",
    "put paid brought spoke wrote voted signed kept built saw found knew stood cut fought grew sat heard fell",
    "rose",
)
"""Irregular past forms; the regular ones are told by their ending."""

WORD_LISTS: Final = {
    "large amount": word_list("million millions billion billions trillion trillions"),
    "share or rate": word_list("% percent percentage rate rates half third thirds quarter majority proportion"),
    "money": word_list(
        "$ dollar dollars cost costs budget budgets spend spent spending deficit deficits debt debts euros pounds"
    ),
    "month": word_list("january february march april june july august september october november december"),
    "span of time": word_list("year years month months week weeks day days decade decades century centuries ago"),
    "superlative": word_list(
        "most least highest lowest largest biggest greatest worst best oldest longest first record ever only",
        "never every always",
    ),
    "rise or fall": word_list(
        "rise rises risen rising rose fell fall falls fallen falling increase increases increased increasing",
        "decrease decreases decreased decreasing cut cuts cutting grow grows growing grown growth grew decline",
        "declines declined declining drop drops dropped dropping reduce reduces reduced reducing reduction gain",
        "gains gained lost loses losing loss losses up down doubled double tripled triple",
    ),
    "quantity word": word_list(
        "many average total number several all none nearly almost about approximately roughly over under amount",
        "level levels numbers",
    ),
    "will or would": word_list("will would shall gonna tomorrow future we'll i'll he'll she'll they'll it'll"),
    "could or may": word_list("could may might perhaps maybe possibly probably likely"),
    "should or must": word_list("should must ought need needs let's"),
    "opinion": word_list(
        "think believe feel hope guess opinion wish want love like proud honour honor honoured honored glad happy",
        "sorry great terrible wonderful beautiful important right wrong good bad sad disaster fair unfair strong",
    ),
    "judging word": word_list(
        "failed failure mistake weak strength leadership values dream faith courage moral honest integrity vision",
        "freedom respect tough disgrace shame greatness spirit",
    ),
    "first person": word_list("i i'm i've i'd i'll my me mine myself"),
    "we": word_list("we our us ours we're we've we'll"),
    "you": word_list("you your yours you're you've you'll"),
    "greeting or thanks": word_list("thank thanks welcome hello hi please congratulations excuse applause goodbye"),
    "official": word_list(
        "president senator governor minister congress senate house court department administration government",
        "congressman secretary parliament agency commission committee police mayor council ministry",
    ),
    "law": word_list(
        "law laws bill bills act amendment treaty legislation constitution illegal legal ban banned rule rules",
        "tax taxes taxed veto vetoed regulation regulations policy program programme sanction sanctions",
    ),
    "vote": word_list(
        "vote voted votes voting elected election elections referendum ballot poll polls supported opposed",
        "against signed passed",
    ),
    "economy": word_list(
        "job jobs unemployment unemployed economy economic wage wages income incomes trade inflation interest",
        "business businesses worker workers manufacturing export exports import imports poverty price prices oil",
        "energy gdp market markets",
    ),
    "health, school, crime": word_list(
        "health insurance medicare medicaid hospital hospitals school schools student students teacher teachers",
        "crime crimes drug drugs prison prisons gun guns killed died death deaths murder murders",
    ),
    "war and arms": word_list(
        "troop troops nuclear weapon weapons missile missiles military war army soldier soldiers attack attacks",
        "attacked terrorist terrorists defence defense bomb bombs bombed bombing invaded invade forces",
    ),
    "cause": word_list("because cause caused causes since therefore"),
    "denial or not": word_list("not no never none nothing nobody denied denies cannot"),
    "reported words": word_list("said says told reported announced claimed promised called testified"),
    "life facts": word_list(
        "born graduated married served worked career father mother son daughter grandmother grandfather"
    ),
    "vague": word_list("thing things stuff something anything everything somebody someone way"),
    "condition": word_list("if unless whether suppose"),
    "group of people": word_list(
        "people americans families workers children women men seniors veterans students troops companies",
        "corporations farmers citizens kids patients voters residents migrants refugees",
    ),
    "place in an order": word_list("first second third fourth fifth sixth"),
    "there is": word_list("there's"),
}
