"""`python -m monitor.locale [LANGUAGE …]`: brings the files of the languages up to date with the code.

Without a language all that there are; a new one, such as `fr`, is begun.
"""

from __future__ import annotations

import sys

from monitor.locale.gathering import file_of, update
from monitor.locale.reading import ENGLISH, conventions, languages


def main(wanted: list[str]) -> int:
    for language in wanted or [code for code in languages() if code != ENGLISH]:
        conventions(language)  # refuses a name that no language has
        missing = update(language)
        print(f"{file_of(language).name}: {len(missing)} texts to translate")
        for text in missing:
            print(f"  {text.splitlines()[0] if text.strip() else text!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
