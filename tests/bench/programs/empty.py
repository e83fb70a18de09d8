"""An app without a provider: what CDKTF itself takes."""

from cdktf import App, TerraformStack

app = App()
TerraformStack(app, "empty")
app.synth()
