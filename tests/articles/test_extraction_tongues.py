"""Who says what in other languages than English, and what is left where nothing is known of one."""

from __future__ import annotations

import pytest

from articles.extraction.abroad import tongue_of
from articles.extraction.base import Extraction, Story
from articles.extraction.pipeline import extract
from articles.extraction.sentences import split_sentences
from articles.extraction.tongues import TONGUES, UNKNOWN

NO_MODEL = "no model for this language"


def read(text: str, language: str = "en") -> Extraction:
    return extract(Story(text=text, language=language))


# language, sentence, what is said, by whom, how, and whether it is asserted
TOLD = [
    ("es", "«El puente costó 40 millones de euros», dijo la alcaldesa Ana Torrel.",
     "El puente costó 40 millones de euros", "Ana Torrel", "direct", "asserts"),
    ("es", "La alcaldesa Ana Torrel afirmó que el puente costó 40 millones de euros.",
     "el puente costó 40 millones de euros", "Ana Torrel", "indirect", "asserts"),
    ("es", "Según el ministerio, la tasa cayó al 4,1 % en agosto.",
     "la tasa cayó al 4,1 % en agosto", "el ministerio", "indirect", "asserts"),
    ("es", "La tasa, según el ministerio, cayó al 4,1 % en agosto.",
     "cayó al 4,1 % en agosto", "el ministerio", "indirect", "asserts"),
    ("es", "El portavoz Luis Varga negó que hubiera una reunión.",
     "hubiera una reunión", "Luis Varga", "indirect", "denies"),
    ("es", "—El puente se cerró en mayo —explicó Torrel.",
     "El puente se cerró en mayo", "Torrel", "direct", "asserts"),
    ("fr", "« Le pont a coûté 40 millions d'euros », a déclaré la maire Anne Torrel.",
     "Le pont a coûté 40 millions d'euros", "Anne Torrel", "direct", "asserts"),
    ("fr", "La maire Anne Torrel a affirmé qu'elle avait payé 40 millions d'euros.",
     "elle avait payé 40 millions d'euros", "Anne Torrel", "indirect", "asserts"),
    ("fr", "Selon le ministère, le taux est tombé à 4,1 % en août.",
     "le taux est tombé à 4,1 % en août", "le ministère", "indirect", "asserts"),
    ("fr", "Le porte-parole Luc Varga a démenti que la réunion ait eu lieu.",
     "la réunion ait eu lieu", "Luc Varga", "indirect", "denies"),
    ("de", "„Die Brücke hat 40 Millionen Euro gekostet“, sagte die Bürgermeisterin Anna Torrel.",
     "Die Brücke hat 40 Millionen Euro gekostet", "Bürgermeisterin Anna Torrel", "direct", "asserts"),
    ("de", "Anna Torrel erklärte, dass die Brücke 40 Millionen Euro gekostet habe.",
     "die Brücke 40 Millionen Euro gekostet habe", "Anna Torrel", "indirect", "asserts"),
    ("de", "Anna Torrel sagte, die Brücke sei seit Mai gesperrt.",
     "die Brücke sei seit Mai gesperrt", "Anna Torrel", "indirect", "asserts"),
    ("de", "Laut dem Ministerium fiel die Quote im August auf 4,1 Prozent.",
     "fiel die Quote im August auf 4,1 Prozent", "Ministerium", "indirect", "asserts"),
    ("de", "Der Polizei zufolge wurden bei dem Unfall 12 Menschen verletzt.",
     "wurden bei dem Unfall 12 Menschen verletzt", "Polizei", "indirect", "asserts"),
    ("de", "Sprecher Lukas Varga bestritt, dass es ein Treffen gab.",
     "es ein Treffen gab", "Sprecher Lukas Varga", "indirect", "denies"),
    ("pt", "“A ponte custou 40 milhões de euros”, disse a prefeita Ana Torrel.",
     "A ponte custou 40 milhões de euros", "Ana Torrel", "direct", "asserts"),
    ("pt", "A prefeita Ana Torrel afirmou que a ponte custou 40 milhões de euros.",
     "a ponte custou 40 milhões de euros", "Ana Torrel", "indirect", "asserts"),
    ("pt", "De acordo com a polícia, 12 pessoas ficaram feridas.",
     "12 pessoas ficaram feridas", "a polícia", "indirect", "asserts"),
    ("pt", "O porta-voz Luís Varga negou que tenha havido uma reunião.",
     "tenha havido uma reunião", "Luís Varga", "indirect", "denies"),
    ("ru", "«Мост обошёлся в 40 миллионов рублей», — сказала мэр Анна Торрел.",
     "Мост обошёлся в 40 миллионов рублей", "Анна Торрел", "direct", "asserts"),
    ("ru", "Анна Торрел заявила, что мост обошёлся в 40 миллионов рублей.",
     "мост обошёлся в 40 миллионов рублей", "Анна Торрел", "indirect", "asserts"),
    ("ru", "По данным полиции, ранены 12 человек.",
     "ранены 12 человек", "полиции", "indirect", "asserts"),
    ("ru", "Лука Варга опроверг, что встреча состоялась.",
     "встреча состоялась", "Лука Варга", "indirect", "denies"),
    ("uk", "«Міст коштував 40 мільйонів гривень», — сказала мер Ганна Торрел.",
     "Міст коштував 40 мільйонів гривень", "Ганна Торрел", "direct", "asserts"),
    ("uk", "Ганна Торрел заявила, що міст коштував 40 мільйонів гривень.",
     "міст коштував 40 мільйонів гривень", "Ганна Торрел", "indirect", "asserts"),
    ("uk", "За словами міністра, рівень упав до 4,1% у серпні.",
     "рівень упав до 4,1% у серпні", "міністра", "indirect", "asserts"),
    ("uk", "Лука Варга заперечив, що зустріч відбулася.",
     "зустріч відбулася", "Лука Варга", "indirect", "denies"),
    ("ar", "قالت رئيسة البلدية آنا توريل إن الجسر كلف 40 مليون يورو.",
     "الجسر كلف 40 مليون يورو", "رئيسة البلدية آنا توريل", "indirect", "asserts"),
    ("ar", "«كلف الجسر 40 مليون يورو»، قالت آنا توريل.",
     "كلف الجسر 40 مليون يورو", "آنا توريل", "direct", "asserts"),
    ("ar", "وقال المتحدث: \"أغلق الخط في مايو\".",
     "أغلق الخط في مايو", "المتحدث", "direct", "asserts"),
    ("ar", "نفى المتحدث لوكا فارغا أن يكون الاجتماع قد عقد.",
     "يكون الاجتماع قد عقد", "المتحدث لوكا فارغا", "indirect", "denies"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "quote", "speaker", "speech", "stance"), TOLD)
def test_who_says_what(language: str, text: str, quote: str, speaker: str, speech: str, stance: str) -> None:
    claims = {claim.quote: claim for claim in read(text, language).claims}
    assert quote in claims, list(claims)
    claim = claims[quote]
    assert (claim.speaker, claim.speech, claim.stance_of_speaker) == (speaker, speech, stance)


@pytest.mark.parametrize("text", ["«No hubo reunión alguna», negó el portavoz Luis Varga."])
def test_a_denial_is_a_claim_of_its_own_with_its_marks(text: str) -> None:
    told = [claim for claim in read(text, "es").claims if claim.kind == "quote"]
    assert [claim.quote for claim in told] == [text.rstrip(".")]


STORIES = {
    "es": "La alcaldesa dijo que el puente se cerró en mayo. Según la policía, no hubo heridos en la zona.",
    "fr": "La maire a dit que le pont est fermé depuis le mois de mai. Il y a eu des blessés dans la ville.",
    "de": "Die Brücke ist seit dem Mai gesperrt und wird nicht mehr geöffnet. Es gab auch einen Unfall.",
    "pt": "A prefeita disse que a ponte foi fechada em maio. Não há feridos, mas o trânsito foi cortado.",
    "ru": "Мост закрыт с мая, и он не откроется. По словам мэра, это было решение города.",
    "uk": "Міст закрито з травня, і він не відкриється. За словами мера, це було рішення міста.",
    "ar": "أغلق الجسر في مايو ولم يفتح بعد. قالت الشرطة إن الطريق كان مغلقا منذ ذلك اليوم.",
}


@pytest.mark.parametrize(("code", "text"), STORIES.items())
def test_a_story_tells_its_own_language(code: str, text: str) -> None:
    assert tongue_of(text) is TONGUES[code]
    assert all(claim.reasons[0].name == NO_MODEL for claim in read(text).claims)


@pytest.mark.parametrize("code", ["en", "en-GB", "EN_us"])
def test_english_has_rules_of_its_own(code: str) -> None:
    assert tongue_of("The bridge was shut in May, said the mayor.", code) is None


# script, text, how many sentences
OTHERS = [
    ("Chinese", "市长说：“大桥耗资4000万欧元。”两人受伤。", 2),
    ("Japanese", "市長は「橋には4000万ユーロかかった」と述べた。二人がけがをした。", 2),
    ("Hindi", "महापौर ने कहा कि पुल पर 40 करोड़ रुपये खर्च हुए। दो लोग घायल हुए।", 2),
    ("Thai", "นายกเทศมนตรีกล่าวว่าสะพานใช้งบ 40 ล้านยูโร มีผู้บาดเจ็บ 12 คน", 1),
    ("Korean", "시장은 다리에 4000만 유로가 들었다고 말했다. 두 명이 다쳤다.", 2),
    ("Greek", "Η γέφυρα κόστισε 40 εκατομμύρια ευρώ, είπε η δήμαρχος. Δύο άνθρωποι τραυματίστηκαν.", 2),
    ("Hebrew", "ראש העיר אמרה שהגשר עלה 40 מיליון אירו. שני בני אדם נפצעו.", 2),
    ("Armenian", "Կամուրջն արժեցել է 40 միլիոն եվրո։ Երկու մարդ վիրավորվել է։", 2),
]


@pytest.mark.parametrize(("script", "text", "count"), OTHERS, ids=[row[0] for row in OTHERS])
def test_any_script_gives_sentences_and_claims_and_says_it_has_no_model(script: str, text: str, count: int) -> None:
    found = read(text)
    assert tongue_of(text) is UNKNOWN
    assert len(split_sentences(text)) == len(found.sentences) == count
    assert len(found.claims) == count
    for claim in found.claims:
        assert claim.quote == text[claim.start : claim.end]
        assert claim.reasons[0].name == NO_MODEL
        assert claim.speaker == ""


def test_a_question_is_not_claimed_in_any_language() -> None:
    for text in ("¿Cuándo se cerró el puente de la ciudad?", "Когда был закрыт мост в городе и кто это решил?"):
        found = read(text)
        assert [claim.kind for claim in (*found.claims, *found.not_claimed)] == ["other"]
        assert not found.claims
