"""What Terraform says, without the frame and the line ends that it lays over its messages."""


def unwrapped(text: str) -> str:
    """Give the words with one space between them."""
    return " ".join(text.replace("│", " ").split())
