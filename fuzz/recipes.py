#!/usr/bin/env python3
"""Recipes that were changed at random: each ends with rows or with a sentence, in bounded time and memory.

    fuzz/recipes.py [--program target/release/sos] [--count 500] [--seed 1] [--jobs 2] [--seconds 10] [--megabytes 1500]

A mutant is a ready recipe with one to four changes: numbers, names, values, lines. The program makes the first row of its first split for each
of its records (`sos generate`, one row) under a limit of address space. Right is exit code 0, or 2 with a sentence; anything else (a panic, an abort, a
signal, no end) is a finding: its recipe is kept in the folder that is named, and the exit code is 1.
"""

import argparse, concurrent.futures, math, os, pathlib, random, re, resource, shutil, signal, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.])")
WORD = re.compile(r'"([^"\n]*)"')
EXTREMES = [0, 1, 2, 3, 7, 8, 9, 10, 16, 25, 31, 32, 33, 63, 64, 65, 100, 127, 128, 255, 256, 257, 1000, 4096, 65535, 65536, 10**6, 10**9,
            2**31, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -1]


def number(random, old):
    kind = random.randrange(4)
    if kind == 0:
        return random.choice(EXTREMES)
    if kind == 1:
        return int(old) * random.choice([2, 3, 10, 100])
    if kind == 2:
        return int(old) + random.choice([-2, -1, 1, 2, 5])
    return random.randrange(0, 2 * int(old) + 2)


def change(random, text, words, lines):
    """One change of a recipe."""
    kind = random.randrange(10)
    places = list(NUMBER.finditer(text))
    if kind < 5 and places:
        place = random.choice(places)
        return text[: place.start()] + str(number(random, place.group())) + text[place.end() :]
    places = list(WORD.finditer(text))
    if kind < 7 and places:
        place = random.choice(places)
        return text[: place.start(1)] + random.choice(words) + text[place.end(1) :]
    own = text.split("\n")
    at = random.randrange(len(own))
    if kind == 7:
        del own[at]
    elif kind == 8:
        own.insert(at, random.choice(lines))
    else:
        other = random.randrange(len(own))
        own[at], own[other] = own[other], own[at]
    return "\n".join(own)


def mutant(recipes, words, lines, seed, number_of):
    draw = random.Random(f"{seed}/{number_of}")
    name, text = draw.choice(recipes)
    for _ in range(draw.choice([1, 1, 2, 3, 4])):
        text = change(draw, text, words, lines)
    return name, text

# A program may wait this many times as long as it may work.
WAITS = 6


def run(arguments, folder, number_of, name, text):
    """What is wrong with how the program takes a recipe; none where nothing is."""
    place = folder / str(number_of)
    place.mkdir()
    recipe = place / "recipe.toml"
    recipe.write_text(text)
    splits = re.findall(r"^\[splits\.([\w-]+)\]", text, re.M)
    counts = [word for at, split in enumerate(dict.fromkeys(splits)) for word in ("--count", f"{split}={1 if at == 0 else 0}")]
    command = [arguments.program, "generate", recipe, "--out", place / "out", "--threads", "1", "--format", "jsonl", *counts]
    limit = arguments.megabytes << 20
    # Seconds of the processor: what else the machine does is no finding. A program that waits is stopped by the clock.
    seconds = math.ceil(arguments.seconds)

    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

    began = time.monotonic()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              timeout=WAITS * arguments.seconds, preexec_fn=limits)
        words = done.stderr.decode(errors="replace").strip()
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            wrong = f"no end in {seconds} s of the processor"
        elif done.returncode not in (0, 2) or "panicked" in words or (done.returncode == 2 and not words):
            wrong = f"exit code {done.returncode}: {words[-400:]}"
        else:
            wrong = None
    except subprocess.TimeoutExpired:
        wrong = f"no end in {WAITS * arguments.seconds} s"
    took = time.monotonic() - began
    if wrong is None:
        shutil.rmtree(place)
    else:
        shutil.rmtree(place / "out", ignore_errors=True)
        wrong = f"{recipe} (of {name}): {wrong}"
    return wrong, took, wrong is None and done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / "target/release/sos"))
    parser.add_argument("--count", type=int, default=500, help="mutants")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10, help="of the processor that each may take")
    parser.add_argument("--megabytes", type=int, default=1500, help="of address space that each may take: the program itself and one thread of 1 GB")
    arguments = parser.parse_args()
    files = sorted((ROOT / "recipes").rglob("*.toml"))
    recipes = [(str(file.relative_to(ROOT)), file.read_text()) for file in files]
    words = sorted({word for _, text in recipes for word in WORD.findall(text) if len(word) < 40})
    lines = sorted({line for _, text in recipes for line in text.split("\n") if line and not line.startswith("#")})
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sos-recipes-"))
    numbers = range(arguments.first, arguments.first + arguments.count)
    found, rows, longest = [], 0, (0, None)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        tasks = {}
        for at in numbers:
            name, text = mutant(recipes, words, lines, arguments.seed, at)
            tasks[pool.submit(run, arguments, folder, at, name, text)] = at
        for task in concurrent.futures.as_completed(tasks):
            wrong, took, made = task.result()
            rows += made
            longest = max(longest, (took, tasks[task]), key=lambda pair: pair[0])
            if wrong:
                found.append(wrong)
                print(wrong, flush=True)
    print(f"{arguments.count} recipes: {rows} made rows, {arguments.count - rows - len(found)} were refused, {len(found)} findings; "
          f"the longest took {longest[0]:.1f} s (number {longest[1]})")
    if found:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
