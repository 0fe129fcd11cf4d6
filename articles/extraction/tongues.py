"""Reporting verbs and their company in languages other than English. Data only; the rules are in `abroad`."""

from __future__ import annotations

from typing import Final, NamedTuple

from articles.extraction.lists import words as word_list


class Tongue(NamedTuple):
    """What reported speech is told by in one language, all in small letters.

    `that` opens the content; `helpers` stand between a source and its verb; `according` are the words before a source
    that needs no verb, each a run of tokens; `behind` are those that stand behind it ("der Polizei zufolge").
    """

    say: frozenset[str]
    deny: frozenset[str]
    that: frozenset[str]
    according: tuple[tuple[str, ...], ...]
    pronouns: frozenset[str]
    articles: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    bare_clause: bool = False


def _runs(*lines: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in lines)


SPANISH: Final = Tongue(
    say=word_list(
        "dijo dice dijeron dicho dijera afirmó afirma afirmaron afirmado explicó explica explicaron explicado",
        "declaró declara declararon declarado señaló señala señalaron señalado aseguró asegura aseguraron",
        "asegurado añadió añade añadieron agregó agrega agregaron anunció anuncia anunciaron anunciado indicó",
        "indica indicaron indicado sostuvo sostiene sostuvieron informó informa informaron informado reveló",
        "revela manifestó manifestaron advirtió advierte advirtieron advertido confirmó confirma confirmaron",
        "confirmado admitió admite admitieron reconoció reconoce precisó precisa subrayó subraya recordó",
        "recuerda insistió insiste denunció denuncia apuntó apunta detalló comentó respondió contestó calculó",
        "calcula estimó estima reportó reportaron",
    ),
    deny=word_list(
        "negó niega negaron negado desmintió desmiente desmintieron desmentido rechazó rechaza rechazaron",
        "refutó",
    ),
    that=word_list("que"),
    according=_runs("según", "de acuerdo con", "de acuerdo a", "conforme a", "en palabras de", "a juicio de"),
    pronouns=word_list("él ella ellos ellas"),
    articles=word_list("el la los las un una"),
    helpers=word_list("ha han había habían también ya no se le les nos lo además luego después"),
)
FRENCH: Final = Tongue(
    say=word_list(
        "dit disent déclaré déclare déclarent affirmé affirme affirment expliqué explique expliquent annoncé",
        "annonce annoncent assuré assure assurent ajouté ajoute ajoutent estimé estime estiment indiqué",
        "indique indiquent précisé précise précisent souligné souligne soulignent rappelé rappelle rappellent",
        "révélé révèle révèlent confirmé confirme confirment soutenu soutient soutiennent reconnu reconnaît",
        "admis admet rapporté rapporte rapportent raconté raconte répondu répond lancé lance insisté insiste",
        "prévenu prévient averti avertit constaté constate dénoncé dénonce signalé signale martelé promis",
        "relaté relate avancé",
    ),
    deny=word_list(
        "nié nie nient démenti dément démentent rejeté rejette réfuté réfute contesté conteste contestent",
    ),
    that=word_list("que"),
    according=_runs("selon", "d'après", "suivant", "aux dires de", "de l'avis de"),
    pronouns=word_list("il elle ils elles on"),
    articles=word_list("le la les un une des"),
    helpers=word_list(
        "a ont avait avaient aurait auraient également aussi déjà ensuite ne n'a pas a-t-il a-t-elle ont-ils",
        "ont-elles avait-il avait-elle lui leur nous a-t-on",
    ),
)
GERMAN: Final = Tongue(
    say=word_list(
        "sagte sagt sagten sagen gesagt erklärte erklärt erklärten betonte betont betonten meinte meint",
        "meinten teilte teilten berichtete berichtet berichteten behauptete behauptet behaupteten kündigte",
        "kündigten fügte ergänzte erläuterte versicherte versichert bestätigte bestätigt bestätigten warnte",
        "warnt warnten räumte schrieb schreibt schrieben meldete meldet meldeten äußerte unterstrich hob",
        "verwies antwortete erwiderte schätzte schätzt",
    ),
    deny=word_list(
        "bestritt bestreitet bestritten dementierte dementiert dementierten leugnete leugnet verneinte wies",
    ),
    that=word_list("dass daß"),
    according=_runs(
        "laut", "gemäß", "nach angaben", "nach auskunft", "nach aussage", "nach aussagen", "nach darstellung",
        "nach worten", "den angaben", "nach ansicht", "nach meinung", "nach einschätzung",
    ),
    pronouns=word_list("er sie"),
    articles=word_list("der die das den dem des ein eine einer eines von vom"),
    helpers=word_list("hat haben hatte hatten auch außerdem zudem dagegen später"),
    behind=word_list("zufolge"),
    bare_clause=True,
)  # fmt: skip
PORTUGUESE: Final = Tongue(
    say=word_list(
        "disse diz disseram dizem dito afirmou afirma afirmaram afirmam declarou declara declararam explicou",
        "explica explicaram acrescentou acrescenta acrescentaram anunciou anuncia anunciaram garantiu garante",
        "garantiram informou informa informaram revelou revela revelaram confirmou confirma confirmaram",
        "ressaltou destacou destaca sublinhou sublinha salientou referiu refere alertou alerta alertaram",
        "avisou admitiu admite admitiram reconheceu reconhece assegurou indicou indica apontou aponta",
        "escreveu defendeu defende adiantou comentou contou relatou estimou estima",
    ),
    deny=word_list(
        "negou nega negaram negam desmentiu desmente desmentiram rejeitou rejeita refutou refuta rebateu",
    ),
    that=word_list("que"),
    according=_runs("segundo", "de acordo com", "conforme", "nas palavras de", "na opinião de"),
    pronouns=word_list("ele ela eles elas"),
    articles=word_list("o a os as um uma"),
    helpers=word_list("também já não tinha tem têm haviam havia ainda se lhe depois"),
)
RUSSIAN: Final = Tongue(
    say=word_list(
        "сказал сказала сказали сказало говорит говорят говорил говорила заявил заявила заявили заявило",
        "заявляет заявляют сообщил сообщила сообщили сообщило сообщает сообщают отметил отметила отметили",
        "отмечает отмечают подчеркнул подчеркнула подчеркнули подчёркивает подчеркивает добавил добавила",
        "добавили рассказал рассказала рассказали утверждает утверждают утверждал утверждала утверждали",
        "считает считают пояснил пояснила пояснили объяснил объяснила признал признала признали подтвердил",
        "подтвердила подтвердили напомнил напомнила уточнил уточнила уточнили написал написала пишет пишут",
        "указал указала указали объявил объявила объявили предупредил предупредила ответил ответила передаёт",
        "передает",
    ),
    deny=word_list(
        "опроверг опровергла опровергли опровергает отрицал отрицала отрицали отрицает отрицают отверг",
        "отвергла отвергли",
    ),
    that=word_list("что будто"),
    according=_runs(
        "по словам", "по данным", "по информации", "по мнению", "по сообщению", "по сообщениям", "согласно",
        "по оценке", "по оценкам", "по версии", "по утверждению", "со слов",
    ),
    pronouns=word_list("он она они"),
    helpers=word_list("также ранее позже уже не"),
)  # fmt: skip
UKRAINIAN: Final = Tongue(
    say=word_list(
        "сказав сказала сказали сказало каже кажуть говорить говорять говорив говорила заявив заявила заявили",
        "заявило заявляє заявляють повідомив повідомила повідомили повідомило повідомляє повідомляють",
        "зазначив зазначила зазначили зазначає зауважив зауважила підкреслив підкреслила підкреслили",
        "підкреслює наголосив наголосила додав додала додали розповів розповіла розповіли стверджує",
        "стверджують стверджував стверджувала вважає вважають пояснив пояснила пояснили визнав визнала",
        "підтвердив підтвердила підтвердили нагадав нагадала уточнив уточнила написав написала пише пишуть",
        "вказав вказала оголосив оголосила оголосили попередив попередила відповів відповіла передає",
    ),
    deny=word_list(
        "заперечив заперечила заперечили заперечує заперечують спростував спростувала спростували спростовує",
        "відкинув відкинула відкинули",
    ),
    that=word_list("що ніби нібито"),
    according=_runs(
        "за словами", "за даними", "за інформацією", "на думку", "за повідомленням", "згідно з", "згідно із",
        "за оцінкою", "за оцінками", "за версією", "зі слів",
    ),
    pronouns=word_list("він вона вони"),
    helpers=word_list("також раніше пізніше вже не"),
)  # fmt: skip
ARABIC: Final = Tongue(
    say=word_list(
        "قال قالت قالوا يقول تقول أضاف أضافت يضيف أكد أكدت أكدوا يؤكد تؤكد صرح صرحت أعلن أعلنت أعلنوا يعلن",
        "ذكر ذكرت أوضح أوضحت يوضح أشار أشارت يشير أفاد أفادت أفادوا كشف كشفت كتب كتبت اعترف اعترفت حذر حذرت",
        "زعم زعمت رأى رأت اعتبر اعتبرت شدد شددت نقل نقلت",
    ),
    deny=word_list(
        "نفى نفت نفوا ينفي تنفي أنكر أنكرت ينكر رفض رفضت كذب كذبت",
    ),
    that=word_list("إن أن بأن أنه إنه بأنه أنها إنها بأنها أنهم إنهم بأنهم ان انه انها"),
    according=_runs("وفقا", "وفقاً", "بحسب", "حسب", "طبقا", "طبقاً", "نقلا عن", "نقلاً عن", "وفق", "على حد قول"),
    pronouns=word_list("هو هي هم"),
    helpers=word_list("قد لقد كما أيضا أيضاً"),
    prefixes=("و", "ف"),
)

TONGUES: Final = {
    "es": SPANISH,
    "fr": FRENCH,
    "de": GERMAN,
    "pt": PORTUGUESE,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
    "ar": ARABIC,
}
UNKNOWN: Final = Tongue(frozenset(), frozenset(), frozenset(), (), frozenset())
"""A language of which nothing is known: sentences and quotation marks must do."""
