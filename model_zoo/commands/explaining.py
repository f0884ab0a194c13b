"""`explain`: where a network looked in one face, as pictures next to its scores."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from model_zoo.commands.predicting import say_passed_over, takes_cut_pictures
from model_zoo.commands.terminal import load_keras, say
from model_zoo.emotions import EMOJI, EMOTIONS, Emotion, EmotionScores
from model_zoo.explaining import overlay, prediction
from model_zoo.explaining.faces import PictureError
from model_zoo.preprocessing import centre_crop, standardise
from model_zoo.weights import WeightsCard, file_name, load_card, require_faces, verified

EXPLAINED = Path("runs") / "explained"
TEXT = "scores.txt"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("explain", help="Grad-CAM, saliency and convolutions of one face, as pictures")
    parser.add_argument("name", help="a shipped network, `default`, or the path of a card")
    parser.add_argument("image", type=Path, help="a picture file; of several faces the largest is explained")
    takes_cut_pictures(parser)
    parser.add_argument("--emotion", choices=EMOTIONS, help="whose score to explain (the likeliest)")
    parser.add_argument("--to", type=Path, help=f"folder to write into ({EXPLAINED}/NAME-IMAGE)")
    parser.set_defaults(run=_explain)


def _explain(arguments: argparse.Namespace) -> None:
    card = load_card(arguments.name)
    require_faces(card)
    (largest, *others), passed_over = prediction.look([arguments.image], card.field, arguments.cut)
    say_passed_over(passed_over, pictures=1)
    file = verified(card, file_name(card.network, "keras"))
    load_keras()
    import keras

    from model_zoo.explaining import explanation

    model = keras.saving.load_model(file, compile=False)
    seen = centre_crop(largest.cut[np.newaxis], card.seen)
    face, pixels = seen[0], standardise(seen, card.mean, card.deviation)[0]
    scores = EmotionScores.of(explanation.probabilities(model, pixels))
    emotion = Emotion(arguments.emotion) if arguments.emotion else scores.top(1)[0][0]
    pictures = {
        "face": (overlay.face(face), "what the network was given"),
        "grad-cam": (
            overlay.heat(face, explanation.grad_cam(model, pixels, emotion)),
            f"where its last maps speak for {emotion} (Grad-CAM, Selvaraju et al. 2017)",
        ),
        "saliency": (
            overlay.heat(face, explanation.saliency(model, pixels, emotion)),
            f"how much the score of {emotion} hangs on each pixel (saliency, Simonyan et al. 2014)",
        ),
    }
    for place, answer in enumerate(explanation.responses(model, pixels), start=1):
        words = f"the {overlay.TILES} strongest of {answer.maps.shape[2]} maps of the convolution {answer.layer}"
        pictures[f"convolution-{place}"] = (overlay.tiles(answer.maps), f"{words}; black is 0")
    folder = arguments.to or EXPLAINED / f"{card.network}-{arguments.image.stem}"
    text = _described(card, arguments.image, len(others), scores, emotion)
    text += "".join(f"{name}.png: {words}\n" for name, (_, words) in pictures.items())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (picture, _) in pictures.items():
            overlay.write_png(picture, folder / f"{name}.png")
        (folder / TEXT).write_text(text, encoding="utf-8")
    except OSError as error:
        raise PictureError(f"the pictures cannot be written into {folder}: {error.strerror}") from error
    say(f"{text}\nwrote {len(pictures)} pictures and {TEXT} into {folder}")


def _described(card: WeightsCard, image: Path, others: int, scores: EmotionScores, emotion: Emotion) -> str:
    lines = [f"{card.network} on {image}" + (f", the largest of {others + 1} faces" if others else ""), ""]
    lines += [f"{EMOJI[each]} {each.value:<9} {score:>6.1%}" for each, score in scores.top(len(EMOTIONS))]
    lines += ["", f"Explained is {emotion.value}, which got {scores[emotion]:.1%}.", ""]
    return "\n".join(lines) + "\n"
