"""The credentials of the account's root user. They open nothing but the embedded AWS."""

ACCESS_KEY_ID = "AKIAEMBEDDEDAWSADMIN"  # the form of a real one, which moto insists on
SECRET_ACCESS_KEY = "administrator"  # noqa: S105 - not a secret: it is here for everybody to use
