"""The picture of the dashboard shows what is on it, and is up to date."""

from tests.demo.dashboard import PICTURE, draw, shown


def test_the_picture_shows_every_widget_of_the_body_and_is_as_it_would_be_drawn_now() -> None:
    widgets = shown()["widgets"]
    picture = draw(widgets)
    assert all(f">{each['properties']['title']}<" in picture for each in widgets if each["type"] == "metric")
    assert PICTURE.read_text(encoding="utf-8") == picture, "draw it anew: make picture"
