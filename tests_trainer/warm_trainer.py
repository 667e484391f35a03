"""Run `trainer` commands without loading Keras each time: one process loads it and forks for every command.

A folder with a program called ``trainer`` goes first on PATH. That program sends its arguments, working directory,
environment and streams to the process, and exits with the code of the forked command.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import traceback
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
_MAX_REQUEST = 1 << 20  # bytes of a command line and an environment
_PROGRAM = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    request = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)])
    socket.send_fds(server, [request.encode()], [0, 1, 2])
    sys.exit(int(server.recv(16)))
"""


@contextlib.contextmanager
def warm_trainer(folder, source=REPOSITORY):
    """Serve the program in ``source`` as ``folder``/trainer until the block ends; put ``folder`` first on PATH."""
    program, address = folder / "trainer", str(folder / "socket")
    program.write_text(_PROGRAM.format(python=sys.executable, address=address))
    program.chmod(0o755)
    serving = subprocess.Popen(
        [sys.executable, __file__, address],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout.readline() == "ready\n"
    yield
    serving.terminate()
    serving.wait(timeout=60)
    serving.stdout.close()


def _serve(address):
    from trainer.backend import load_quietly

    load_quietly()
    import trainer.fitting.fit  # noqa: F401

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        print("ready", flush=True)
        while True:
            client, _ = server.accept()
            with client:
                request, streams, *_ = socket.recv_fds(client, _MAX_REQUEST, 3)
                child = os.fork()
                if not child:
                    _run_as(*json.loads(request), streams)
                for stream in streams:
                    os.close(stream)
                client.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _run_as(arguments, folder, environment, streams):
    """Replace this process by the command; never returns."""
    from trainer.cli import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["trainer", *arguments]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])
