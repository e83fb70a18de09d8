"""The programs of `examples`: each is applied, planned again, changed, looked at by the doctor, and destroyed."""
