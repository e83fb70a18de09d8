"""Says which aws command lines the script is tried with."""

from .command_line import describe

if __name__ == "__main__":
    print(describe())
