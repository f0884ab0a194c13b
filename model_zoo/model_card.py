"""The card of a trained network in words, as a person reads it: what it is, how well it does, and what the law says.

The law is said here once, for the cards that are shipped and for those that are yet to be made.
"""

from __future__ import annotations

from model_zoo.weights import WeightsCard

LAW = (
    "In the European Union, Article 5(1)(f) of the AI Act (Regulation 2024/1689) has since 2 February 2025 prohibited "
    "AI that infers the emotions of people in education and at work, except for medical or safety reasons. That those "
    "people, or their parents, agree does not change it.",
    "Elsewhere other laws apply: data-protection laws like the GDPR, in the United States FERPA (34 CFR 99.3) and the "
    "biometric laws of some states. Whoever uses the network must know which.",
)


def in_words(card: WeightsCard) -> str:
    """Markdown."""
    told, law = "\n".join(f"- {fact}" for fact in facts(card)), "\n\n".join(LAW)
    return f"# {card.network}\n\n{told}\n\n## The law\n\n{law}\n"


def facts(card: WeightsCard) -> tuple[str, ...]:
    learned = ", ".join(f"{count:,} of {split}" for split, count in card.counts.items())
    return (
        f"Input: {' x '.join(map(str, card.input_shape))}.",
        f"Data: {card.data_set}; {learned}.",
        f"Accuracy: {_accuracy(card)}.",
        f"Made: {card.created.isoformat()}.",
        f"Licence: {card.licence}",
        *card.notes,
    )


def _accuracy(card: WeightsCard) -> str:
    scores = card.scores
    if "accuracy" not in scores:
        return "not measured"
    return f"{scores['accuracy']:.1%} of {scores['n']:,} of {scores['split']}"
