"""The words by which an instrument says what it does, in English and French; `claims` reads sentences with them.

A word is given whole, or as a stem before `*`. What a verb claims hangs on what it is said of: to extend a prohibition
is to tighten, to extend a permission is to widen.
"""

from __future__ import annotations

import re

from msgspec import Struct


def pattern(words: str) -> re.Pattern[str]:
    """Words separated by spaces, as a pattern that matches one of them whole."""
    return re.compile("|".join(re.escape(w).replace(r"\*", r"\w*") for w in words.split()))


class Words(Struct, frozen=True):
    """The words of one language, each kind as a pattern of one whole word, in lower case."""

    tighten: re.Pattern[str]  # firmer, whatever it is said of
    loosen: re.Pattern[str]  # wider, whatever it is said of
    support: re.Pattern[str]  # more of it: firmer of a clause, or of what protects
    more: re.Pattern[str]  # more of it: says nothing of a clause
    limit: re.Pattern[str]  # less of it: firmer of a clause
    less: re.Pattern[str]  # less of it: says nothing of a clause
    weaken: re.Pattern[str]  # less of it: wider of a clause
    permit: re.Pattern[str]  # wider, where something is said to be new or nothing
    firmer: re.Pattern[str]  # comparatives in one word
    wider: re.Pattern[str]
    broader: re.Pattern[str]  # comparatives that hang on their noun: more of it
    narrower: re.Pattern[str]  # less of it
    increase: re.Pattern[str]  # before an adjective: `more strict`
    decrease: re.Pattern[str]
    strict: re.Pattern[str]  # adjectives
    lax: re.Pattern[str]
    further: re.Pattern[
        str
    ]  # before or behind a noun: `further safeguards`, « une garantie de plus »
    protects: re.Pattern[str]  # nouns
    permits: re.Pattern[str]
    reference: re.Pattern[str]  # before a clause's number
    narrowing: re.Pattern[str]  # nouns of `limit`, when something follows that is limited
    determiner: re.Pattern[str]  # before a noun: what follows is no verb
    editorial: re.Pattern[str]  # nouns and adjectives, when they are said of the instrument
    explains: re.Pattern[str]  # verbs, when they are said of a clause or of words
    wording: re.Pattern[str]  # what is explained or corrected: words, text
    change: re.Pattern[str]  # verbs: an instrument that does not is editorial
    negation: re.Pattern[str]
    only: re.Pattern[str]  # undoes a negation: « ne fait que »
    nothing: re.Pattern[str]
    turn: re.Pattern[str]  # ends what a negation is about
    be: re.Pattern[str]
    have: re.Pattern[str]
    now: re.Pattern[str]  # a sentence with it speaks of a change
    hedge: re.Pattern[str]  # what follows is wished, asked for or supposed, and not said to be done
    itself: re.Pattern[str]  # phrases that name the instrument
    idiom: re.Pattern[str]  # phrases that call it editorial
    firm: re.Pattern[str]  # phrases that call it firmer


def _phrases(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ENGLISH = Words(
    tighten=pattern("tighten* toughen* harden* firms firmed firming"),
    loosen=pattern("loosen* relax* soften* ease eases eased easing liberali* waive waives waived"),
    support=pattern("strengthen* reinforc* bolster* fortif* buttress* shore shores underpin*"),
    more=pattern(
        "gain gains add adds added adding addition extend* extension broaden* widen* expand* expansion introduc*"
        " enhanc* improv* increas* raise raises raised raising deepen* bring brings brought provide"
        " provides provided grant grants granted give gives given multipl*"
    ),
    limit=pattern(
        "limit limits limited limiting restrict restricts restricted restricting narrow narrows narrowed"
        " narrowing curb curbs curbed curbing constrain constrains constrained curtail* confine confines"
    ),
    less=pattern(
        "reduc* cut cuts cutting remov* lift lifts lifted lifting drop drops dropped withdraw* eliminat*"
        " delete deletes deleted deletion repeal* abolish* suspend* lower lowers lowered lowering"
    ),
    weaken=pattern("weaken* dilut* undermin* erod* water waters"),
    permit=pattern(
        "allow allows allowing permit permits permitting authorise* authorize* open opens"
    ),
    firmer=pattern("firmer stricter tighter stronger tougher harder safer sterner severer"),
    wider=pattern("looser laxer softer weaker milder"),
    broader=pattern("broader wider greater better higher enhanced improved extended increased"),
    narrower=pattern("narrower lesser fewer reduced"),
    increase=pattern("more"),
    decrease=pattern("less"),
    strict=pattern(
        "strict restrictive protective stringent rigorous demanding robust secure careful severe binding"
        " guarded exacting prudent firm tight"
    ),
    lax=pattern("permissive lenient lax open generous flexible liberal"),
    further=pattern("further additional added extra new more another"),
    protects=pattern(
        "guarantee guarantees safeguard safeguards protection protections prohibition prohibitions ban bans"
        " restriction restrictions limit limits limitation limitations constraint constraints condition"
        " conditions requirement requirements obligation obligations duty duties oversight control controls"
        " supervision security safety scrutiny assurance assurances commitment commitments standard"
        " standards accountability transparency"
    ),
    permits=pattern(
        "permission permissions exception exceptions exemption exemptions authorisation authorisations"
        " authorization authorizations allowance allowances leeway latitude discretion freedom freedoms"
        " use uses usage access waiver waivers licence licences license licenses admission admissions"
    ),
    reference=pattern("section sections clause clauses article articles paragraph paragraphs §"),
    narrowing=pattern("restriction limitation"),
    determiner=pattern(
        "a an the this that these those its their our any each new further additional"
        " time no some all such same extra other"
    ),
    editorial=pattern(
        "clarification* editorial correction* corrigendum corrigenda erratum errata"
        " typographical cosmetic housekeeping restatement rewording rephrasing"
    ),
    explains=pattern(
        "clarify clarifies clarifying clarified correct corrects correcting corrected restate"
        " restates restated rephrase rephrases rephrased reword rewords reworded"
    ),
    wording=pattern(
        "wording text words language rule rules agreement misprint* typo typos error errors"
        " mistake* meaning"
    ),
    change=pattern(
        "change changes changed changing alter alters altered altering affect affects modify"
        " modifies modified"
    ),
    negation=pattern(
        "no not never without nor neither cannot than beyond none doesn isn don won aren hardly"
    ),
    only=pattern("only"),
    nothing=pattern("nothing no none neither"),
    turn=pattern("but and yet rather instead it"),
    be=pattern("is are be been being was were"),
    have=pattern("has have having hereby"),
    now=pattern("now hereby henceforth becomes become"),
    hedge=pattern(
        "asked ask asks wanted want wants wish wishes wished hope hopes hoped demand demands"
        " demanded critic* called request* said argued should could would might may ought propos*"
        " whether if promised announced urged sought later"
    ),
    itself=_phrases(
        r"\b(?:this|these|the present) (?:amendment|instrument|change|revision|text)s?\b",
        r"^it\b",
    ),
    idiom=_phrases(r"\bfor the avoidance of doubt\b"),
    firm=_phrases(
        r"\b(?:goes|go|going) (?:even )?further\b",
        r"\brais(?:e|es|ed|ing) (?:the|its|our) (?:bar|level|threshold)\b",
        r"\bprotect\w*\b[^,;.]{0,40}\b(?:better|more)\b|\bbetter protect\w*",
    ),
)

FRENCH = Words(
    tighten=pattern(
        "durci* resserre* resserrent affermi* raffermi* encadre encadrent encadré encadrée"
        " encadrés encadrées encadrement"
    ),
    loosen=pattern(
        "assoupli* allège* allègent allégé* allégement allègement relâche* desserre* libéralis*"
    ),
    support=pattern("renforc* consolide consolident conforte confortent"),
    more=pattern(
        "ajoute* ajout ajouts étend* étendu* extension élargi* accroît accroiss* accru* augmente*"
        " augmentation améliore* amélioration relève relèvent relever introdui* introduction"
        " apporte* accorde* multipli*"
    ),
    limit=pattern(
        "limite limitent limiter limitant limité limitée limités limitées restrei* borne bornent"
        " borner"
    ),
    less=pattern(
        "rédui* réduction diminu* supprime* suppression lève lèvent lever levée retire* retrait"
        " abaisse* suspend suspendent abroge* abrogation"
    ),
    weaken=pattern("affaibli* amoindri* dilue* "),
    permit=pattern("permet permettent permettre autorise autorisent autoriser ouvre ouvrent"),
    firmer=pattern("durcie durcies renforcé renforcée renforcés renforcées"),
    wider=pattern("assouplie assouplies allégée allégées"),
    broader=pattern(
        "meilleur meilleure meilleurs meilleures accru accrue accrus accrues élargi élargie"
        " étendue étendues"
    ),
    narrower=pattern("réduit réduite réduits réduites moindre"),
    increase=pattern("plus mieux"),
    decrease=pattern("moins"),
    strict=pattern(
        "strict* ferme fermes sévère* rigoureu* protect* exigeant* restricti* contraignant* sûr*"
        " robuste* serré* dur dure durs dures prudent* protégé* encadré* garanti garantie garantis"
    ),
    lax=pattern("permissi* laxiste* souple* ouvert* libéra* tolérant*"),
    further=pattern(
        "supplémentaire* additionnel* nouvelle nouvelles nouveau nouveaux nouvel davantage autre"
    ),
    protects=pattern(
        "garantie garanties protection protections interdiction interdictions restriction restrictions"
        " limite limites limitation limitations contrainte contraintes condition conditions exigence"
        " exigences obligation obligations contrôle contrôles supervision sécurité sûreté prohibition"
        " prohibitions vigilance fou fous sauvegarde sauvegardes"
    ),
    permits=pattern(
        "autorisation autorisations permission permissions exception exceptions dérogation dérogations"
        " exemption exemptions dispense dispenses latitude liberté libertés usage usages utilisation"
        " utilisations faculté facultés accès"
    ),
    reference=pattern("article articles clause clauses section sections paragraphe paragraphes §"),
    narrowing=pattern("restriction limitation"),
    determiner=pattern(
        "un une le la les l des de du ce cet cette ces sa son leur leurs aucune toute"
        " nouvelle autre quelque"
    ),
    editorial=pattern(
        "clarification* rédactionnel* précision précisions correction corrections"
        " rectification* rectificatif rectificative erratum coquille* reformulation toilettage"
    ),
    explains=pattern(
        "clarifie clarifient clarifier clarifiant clarifié clarifiée précise précisent préciser"
        " précisant précisé précisée corrige corrigent corriger corrigé reformule reformulent"
        " rectifie rectifient"
    ),
    wording=pattern(
        "rédaction texte mots termes formulation règle règles accord coquille* erreur erreurs"
        " sens portée"
    ),
    change=pattern(
        "change changent changer modifie modifient modifier modification affecte affectent altère"
    ),
    negation=pattern("pas non sans jamais ni aucun aucune ne n nullement guère"),
    only=pattern("que qu"),
    nothing=pattern("rien aucun aucune"),
    turn=pattern("mais et or plutôt il elle"),
    be=pattern("est sont être été soit soient était étaient"),
    have=pattern("a ont ayant"),
    now=pattern("désormais dorénavant devient deviennent"),
    hedge=pattern(
        "demand* souhait* voul* voudr* réclam* critiqu* espér* propos* devrai* pourrai* peut"
        " peuvent pourra si exig* promis annoncé"
    ),
    itself=_phrases(
        r"\b(?:ce|cet|cette|ces|le présent|la présente) "
        r"(?:avenant|instrument|modification|changement|révision|texte)s?\b",
        r"^(?:il|elle)\b",
    ),
    idiom=_phrases(
        r"\bpour (?:lever|éviter) toute ambiguïté\b",
        r"\bpour écarter tout doute\b",
        r"\bà droit constant\b",
    ),
    firm=_phrases(
        r"\b(?:va|vont|aller|allant) (?:encore )?plus loin\b",
        r"\brel(?:ève|èvent|ever|evant) (?:le niveau|le seuil|la barre)\b",
        r"\bprot[éè]g\w*\b[^,;.]{0,40}\b(?:mieux|davantage)\b",
    ),
)

WORDS = {"en": ENGLISH, "fr": FRENCH}
