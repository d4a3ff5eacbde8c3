"""Cuts the power of a file system again and again while tabctl writes to it.

Run in a mount namespace of its own, as root: power_cut.py ROOT TABCTL ROUNDS MODE. ROOT is the
folder of a world; its `home` and `state` are put on a small ext4 image, whose shutdown is the power
cut: what is not on the image by then is lost. Prints one line of JSON. Must not touch other mounts.
"""
import fcntl
import json
import os
import struct
import subprocess
import sys

SHUTDOWN = 0x8004587D
FLUSH_THE_JOURNAL, DROP_THE_JOURNAL = 1, 2

root, tabctl, rounds, mode = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
flags = DROP_THE_JOURNAL if mode == "dropped" else FLUSH_THE_JOURNAL
options = "loop,noauto_da_alloc" if mode == "noauto" else "loop"
image, disk = f"{root}/image", f"{root}/disk"
home, state = f"{root}/home", f"{root}/state"
work = f"{home}/work/api"


def run(*line, **more):
    return subprocess.run(line, check=True, capture_output=True, text=True, **more).stdout


def mount():
    run("mount", "-o", options, image, disk)
    for folder in ("home", "state"):
        os.makedirs(f"{disk}/{folder}", mode=0o700, exist_ok=True)
        run("mount", "--bind", f"{disk}/{folder}", f"{root}/{folder}")


def unmount():
    for folder in (home, state, disk):
        run("umount", folder)


def cut():
    folder = os.open(disk, os.O_RDONLY)
    fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", flags))
    os.close(folder)


def tab():
    row = json.loads(run(tabctl, "ls", "--json", cwd=root))[0]
    shown = json.loads(run(tabctl, "show", "api", "--json", cwd=root))["session"]
    return row, shown


with open(image, "wb") as file:
    file.truncate(64 << 20)
run("mkfs.ext4", "-q", "-F", image)
os.makedirs(disk)
mount()
os.makedirs(work)
bind = [tabctl, "bind", "generic", "--tab", "api", "--session-id"]
run(*bind, "x0", "--", "cat", "0", cwd=work)
os.sync()

lost, torn, cuts, ahead = [], [], 0, 0
told = {"task": None, "id": "x0", "note": None}
for number in range(rounds):
    words = {"task": f"task {number}", "id": f"x{number}", "note": f"note {number}"}
    run(tabctl, "task", words["task"], cwd=work)
    if number % 3 == 0:
        run(*bind, words["id"], "--", "cat", str(number), cwd=work)
        told["id"] = words["id"]
    run(tabctl, "note", "--tab", "api", "--clear", cwd=work)
    run(tabctl, "note", words["note"], cwd=work)
    told.update(task=words["task"], note=words["note"])
    # One more that nobody has acknowledged when the power goes; in every second round.
    late = f"late {number}"
    writer = None
    if number % 2:
        writer = subprocess.Popen(
            [tabctl, "task", late], cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            writer.wait(0.0005 * (number % 40))
        except subprocess.TimeoutExpired:
            pass
    acknowledged = writer is not None and writer.poll() == 0
    cut()
    cuts += 1
    if writer:
        writer.wait()
    unmount()
    mount()
    try:
        row, shown = tab()
    except (subprocess.CalledProcessError, IndexError, KeyError, ValueError) as error:
        torn.append(f"{number}: {error} {getattr(error, 'stderr', '')}")
        break
    tasks = [late] if acknowledged else [words["task"], late]
    ahead += shown.get("task") == late
    good = (
        shown.get("task") in tasks
        and [note["text"] for note in shown.get("notes", [])] == [told["note"]]
        and shown["agent"]["session_id"] == told["id"]
        and row["trusted"]
        and not row.get("problem")
    )
    if not good:
        lost.append(f"{number}: {shown} {row}")
print(json.dumps({"cuts": cuts, "lost": lost, "torn": torn, "ahead": ahead}))
unmount()
