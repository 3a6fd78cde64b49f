"""Reader of what a family or a peer parent has been through, in one spelling for each."""

import re

from app.spreadsheets.values import Listed, fold, pieces

_CIRCUMSTANCES: dict[str, list[str]] = {
    "school refusal": ["school avoidance", "ebsa", "not attending school"],
    "adoption": ["adopted", "adoptive"],
    "twins": ["multiples", "triplets", "twin"],
    "premature baby": ["premature", "prem", "prem baby", "preterm", "nicu"],
    "SEND": ["sen", "special needs", "special educational needs", "additional needs"],
    "separation": ["separated", "divorce", "divorced"],
    "domestic abuse (past)": [
        "past domestic abuse",
        "past da",
        "past dv",
        "da (past)",
        "dv (past)",
    ],
    "domestic abuse": ["domestic violence", "da", "dv"],
    "postnatal depression": ["pnd", "post-natal depression", "post natal depression"],
    "perinatal mental health": ["maternal mental health", "perinatal"],
    "ADHD": ["add"],
    "anxiety": ["anxious"],
    "depression": ["low mood"],
    "learning disability": ["learning disabilities", "ld", "learning difficulties"],
    "feeding difficulties": ["feeding", "feeding problems"],
    "foster placement": ["fostering", "foster", "foster care", "looked after child"],
    "autism": ["asd", "asc", "autistic", "autism spectrum"],
    "dad's story": ["dads story", "father's story", "dad"],
    "bereavement": ["bereaved", "loss", "child loss"],
    "single parent": ["lone parent", "single mum", "single dad", "single"],
    "young parent": ["teen parent", "teenage parent", "young mum", "young dad"],
    "sleep": ["sleep problems", "sleep difficulties"],
    "prison": ["parent in prison"],
    "same-sex parents": ["same sex parents"],
    "kinship care": ["kinship", "sgo"],
}
CIRCUMSTANCES = tuple(_CIRCUMSTANCES)
_CIRCUMSTANCE_OF = {
    fold(word): words for words, others in _CIRCUMSTANCES.items() for word in (words, *others)
}


def read_circumstance(text: str) -> str | None:
    """One circumstance in the words that matching compares, or None where it is not known."""
    return _CIRCUMSTANCE_OF.get(fold(text).strip(" ."))


def read_circumstances(text: str) -> Listed:
    """Circumstances in one spelling each, so that a family and a peer parent can share one."""
    found: list[str] = []
    unread: list[str] = []
    for piece in pieces(text, r"[;,\n|+&/]"):
        known = [read_circumstance(piece)]
        if known == [None]:
            known = [read_circumstance(part) for part in re.split(r"\b(?:and|with)\b", piece)]
        if None in known:
            unread.append(piece)
        else:
            found += [words for words in known if words]
    return Listed(tuple(dict.fromkeys(found)), tuple(unread))
