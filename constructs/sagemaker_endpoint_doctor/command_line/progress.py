"""The progress of an examination on a terminal, gone when the report comes; nothing of it elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class _Progress(Progress):
    """One that prints nothing where it is disabled: with the oldest rich it ends with an empty line all the same."""

    def stop(self) -> None:
        if not self.disable:
            super().stop()


def progress_on(console: Console) -> Progress:
    """Make a list of lines, each with a spinner until it is done and its seconds."""
    return _Progress(
        SpinnerColumn(finished_text="·"),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def step(progress: Progress, title: str) -> Iterator[None]:
    """Show a line as long as something takes."""
    task = progress.add_task(title, total=1)
    yield
    progress.update(task, completed=1)
