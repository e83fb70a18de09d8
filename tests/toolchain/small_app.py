"""A small CDKTF app, for the tests of the toolchain itself: one null resource that a variable replaces."""

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable, TerraformVariableValidationConfig
from cdktf_cdktf_provider_null.provider import NullProvider
from cdktf_cdktf_provider_null.resource import Resource


def main() -> None:
    """Write cdktf.out/."""
    app = App()
    stack = TerraformStack(app, "small")
    NullProvider(stack, "null")
    short = TerraformVariableValidationConfig(condition="${length(var.word) < 9}", error_message="That is long.")
    word = TerraformVariable(stack, "word", type="string", validation=[short])
    resource = Resource(stack, "thing", triggers={"word": word.string_value})
    TerraformOutput(stack, "id", value=resource.id, static_id=True)
    app.synth()


if __name__ == "__main__":
    main()
