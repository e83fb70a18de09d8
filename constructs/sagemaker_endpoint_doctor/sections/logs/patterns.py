"""What is known of containers' logs: which words give an error away, in whose logs, and what it comes from.

A line of a log is of the kind of the first pattern whose words it has. To add one, add a row: its example is its test.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sagemaker_endpoint_doctor.facts.settings import LONGER_START, MORE_DISK, MORE_MEMORY


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error.

    Attributes:
        why: Why it matters.
        next: What to do, also where nothing else is found.
        follows: Where its cause is told, if it follows from another error and one was found.
    """

    why: str
    next: str
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that give a kind of error away, whatever the letters' case.

    Attributes:
        kind: The name of the kind.
        dialect: Whose words these are.
        words: A regular expression.
        source: Where such a line was seen or is documented.
        example: A line that has the words.
        at_any_level: Whether it counts where its level says that it is no error.
    """

    kind: str
    dialect: str
    words: str
    source: str
    example: str
    at_any_level: bool = False

    @property
    def compiled(self) -> re.Pattern[str]:
        """Give the words to search for; Python keeps those that it has compiled."""
        return re.compile(self.words, re.IGNORECASE)


KINDS: Mapping[str, Kind] = {
    "wrong architecture": Kind(
        "The image is built for another architecture than that of the instances: nothing in it can start.",
        "Build the image for the instance type, or for both with docker buildx build --platform "
        "linux/amd64,linux/arm64.",
    ),
    "program cannot start": Kind(
        "SageMaker starts a container as docker run IMAGE serve, and there is no such program to start.",
        "Put an executable named serve on the image's PATH, or state an ENTRYPOINT that takes the argument: chmod +x, "
        "a first line such as #!/usr/bin/env python3, and no Windows line ends. An image made for training alone has "
        "none. https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
    ),
    "library missing": Kind(
        "A program needs a shared library that the image does not have, or has in another version: it cannot start.",
        "Install the library in the image, for the versions of CUDA and of the C library that the program was built "
        "with. ldd in the image shows what is not found.",
    ),
    "module missing": Kind(
        "The code imports what is not installed in the image: its workers end as soon as they have started.",
        "Install it in the image, or name it in the requirements.txt beside the code where the image reads one. "
        "Private subnets reach no package index without a NAT gateway.",
    ),
    "code cannot be read": Kind(
        "Python cannot read a file of the code, so that its workers end as soon as they have started.",
        "The lines above name the file and the line. Try it in the image, with its version of Python: "
        "python -m compileall code. Newer syntax, tabs and a page that was saved in place of a file are common.",
    ),
    "packages not installed": Kind(
        "The container installs Python packages as it starts, and could not: its code does not find them.",
        "Install them as the image is built: that needs no network, no time and no disk at each start. Otherwise the "
        "subnets need a NAT gateway to the package index, and requirements.txt versions that exist for the image's "
        "Python.",
    ),
    "place not writable": Kind(
        "The container writes where it may not: it ends, or what it writes is lost.",
        "Write under /tmp: the model's folder is read-only for some containers, and a serverless variant lets no user "
        "but the image's own write elsewhere; files that it reads need chmod o+rX as the image is built. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-troubleshooting.html",
    ),
    "code does not fit the server": Kind(
        "The server of the image looks in your code for a function or an application by its name, and does not find it "
        "or cannot call it.",
        "SageMaker's toolkits call model_fn and the like, in code/inference.py of the archive or in what "
        "SAGEMAKER_PROGRAM names; gunicorn and uvicorn the application that they are started with (module:app). Try "
        "the import in the image. https://sagemaker.readthedocs.io/en/stable/frameworks/pytorch/using_pytorch.html",
    ),
    "libraries do not fit together": Kind(
        "A library in the image was built for another version of one that it uses: the code cannot be loaded.",
        "State versions that fit together as the image is built (numpy<2 for what was built before NumPy 2; a Java as "
        "new as the compiler's), and import them there once.",
    ),
    "too many threads": Kind(
        "The system gives the container no more threads or processes: libraries fail as they start them.",
        "Use fewer workers, and fewer threads in each (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS in the container's "
        "environment). Where it says that it is not permitted, the image's system is newer than the Docker of the "
        "instances: take an older base image, or a newer inference_ami_version.",
    ),
    "Neuron device not usable": Kind(
        "The image runs on AWS Inferentia or Trainium, and finds no such device, or not with a driver that it knows.",
        "Take an instance_type with the device that the model was compiled for (ml.inf1, or ml.inf2 and ml.trn1), an "
        "image for it, and no more workers than it has cores.",
    ),
    "GPU memory not free": Kind(
        "As the server started, less memory of the GPU was free than it was told to take: something else holds it.",
        "Lower gpu_memory_utilization in the container's environment, let one process alone use a GPU, or take an "
        "instance_type with more GPU memory.",
    ),
    "GPU program failed": Kind(
        "A request made a program on the GPU fail, and its process cannot use the GPU any more: all that follow fail.",
        "Look for the request before it: mostly it is longer than the model allows, or has numbers outside its "
        "vocabulary. Refuse such requests, and let /ping fail once it has happened.",
    ),
    "content type not taken": Kind(
        "Callers send, or ask for, a content type that the container does not know: those requests fail.",
        "Call it with a ContentType and Accept that it knows, or read and write them in its code (input_fn and "
        "output_fn of SageMaker's toolkits).",
    ),
    "region not stated": Kind(
        "The container's code calls AWS without a region, and it has no default for it.",
        "State region_name in the code, or AWS_DEFAULT_REGION in the container's environment.",
    ),
    "text of an error lost": Kind(
        "The code raised an error whose text has several lines, which the server cannot pass on: callers are told "
        "nothing of it.",
        "Read the lines before it for the error itself.",
        follows="The error above is the one that was to be told.",
    ),
    "GPU not usable": Kind(
        "The image was built for another CUDA than the driver of the instances offers or for none, or the instances "
        "have "
        "no GPU, or an older one than the model's number format needs.",
        "Take an instance_type with such a GPU, an image for the CUDA of its driver, or another inference_ami_version; "
        "older GPUs take the format float16 (dtype=half). "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
    ),
    "no such split over GPUs": Kind(
        "The model cannot be split over as many GPUs as the server was told.",
        "Set the degree (tensor_parallel_degree, SM_NUM_GPUS) to a divisor of the model's attention heads, or to 1, "
        "and "
        "take an instance_type with GPUs to match. A model that its server cannot split at all needs one large GPU.",
    ),
    "GPU processes do not connect": Kind(
        "A model that is split over GPUs runs as several processes, and these do not reach each other: it cannot "
        "serve.",
        "NCCL_DEBUG=INFO in the container's environment says what fails. Often /dev/shm is too small "
        "(NCCL_SHM_DISABLE=1 "
        "goes without it), or two containers of one pipeline want the same port.",
    ),
    "out of memory": Kind(
        "The model and its requests need more memory than there is: workers are killed, and their requests fail.",
        f"Use fewer workers or smaller batches, or {MORE_MEMORY} (of the GPU, where the line speaks of CUDA).",
    ),
    "context too long for the GPU": Kind(
        "The memory of the GPU that the weights leave does not hold one request of the longest allowed length.",
        "Lower the longest length (max_model_len, in the container's environment), raise gpu_memory_utilization, or "
        "take an instance_type with more GPU memory.",
    ),
    "disk full": Kind(
        "The model's data, or what the container writes, does not fit on the storage volume.",
        f"Write less, or {MORE_DISK}.",
    ),
    "too many open files": Kind(
        "The container holds more files and connections open than the system lets it: new requests fail.",
        "Close what is opened, connections to other services above all, or use fewer workers.",
    ),
    "shared memory too small": Kind(
        "Processes exchange more data through /dev/shm than fits: one of them was killed.",
        "Use fewer workers, smaller batches, or no worker processes to load data: SageMaker sets its size.",
    ),
    "crash": Kind(
        "A program ended in the middle of its work, in compiled code: the requests that it had are lost.",
        "Look at the lines before it for the request. Often two libraries do not fit together, or the code uses "
        "instructions that the processor does not have: try the image on such an instance, and state core_dump_config "
        "to keep the memory image.",
    ),
    "download failed": Kind(
        "The container cannot load the model's data, so it cannot serve.",
        "Does it load from S3? Its role must be allowed to, and an endpoint for S3 or a NAT gateway lead there. From "
        "elsewhere? Private subnets need a NAT gateway for that; better put the data into S3.",
    ),
    "network out of reach": Kind(
        "The container calls something that its network does not reach, and waits for it until the call times out.",
        "From private subnets AWS's services are reached through VPC endpoints, and all else through a NAT gateway; "
        "with "
        "enable_network_isolation nothing is.",
    ),
    "model is gated": Kind(
        "The Hugging Face Hub gives the model to those only who accepted its terms and show a token.",
        "Accept the terms on the model's page, and give HuggingFaceModel(token_secret_arn=...), or put the data into "
        "S3.",
    ),
    "model files do not fit": Kind(
        "The files of the model are damaged, incomplete, or not what the code expects: it cannot be loaded.",
        "List the archive with tar -tzf: the files belong at its top, not in a folder. A file of a few hundred bytes "
        "is a pointer of Git LFS. Load it once with the image's own versions of the libraries.",
    ),
    "model not supported": Kind(
        "The server, or the version of it in the image, does not know this kind of model.",
        "Take a newer image of the server, or another server. config.json among the model's files names the kind "
        "(model_type, architectures).",
    ),
    "model brings code of its own": Kind(
        "The model consists of Python code too, which the server runs only if it is told to.",
        "Read that code. If you trust it, say so: HF_MODEL_TRUST_REMOTE_CODE or OPTION_TRUST_REMOTE_CODE true in the "
        "container's environment, as the server reads it.",
    ),
    "port taken": Kind(
        "Two programs in the container want the same port: the one that SageMaker asks may be the wrong one.",
        "Let one program alone listen on port 8080, which SageMaker calls. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
    ),
    "access denied": Kind(
        "The container calls AWS, and its role may not.",
        "What the container's own code needs goes into ExecutionRole(additional_policy_arns={...}).",
    ),
    "request too large": Kind(
        "A server in the container refuses requests above its limit, which is below SageMaker's.",
        "Raise that limit (client_max_body_size of nginx) to the 6 MB that SageMaker passes on, or call it "
        "asynchronously. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html",
    ),
    "more requests than workers": Kind(
        "Requests come faster than the workers take them, and the queue before them is full: nginx turns them away.",
        "Use more workers or more instances, or let it scale on requests for each instance.",
    ),
    "worker time-out": Kind(
        "A worker took too long, and was replaced: its requests were lost.",
        "If it happens at the start, the model loads longer than the server lets it: raise the server's own time-out, "
        f"and {LONGER_START}. If while serving, requests take too long: send smaller ones, or take a larger "
        "instance_type.",
    ),
    "worker ended": Kind(
        "A worker ended and is started again: the requests that it had are lost, and none is served if it keeps on.",
        "Read the lines before it: a worker that says nothing was mostly killed for want of memory. Run the image once "
        "by hand, with the model's data under /opt/ml/model.",
        follows="The error above tells why it ended.",
    ),
    "container started again": Kind(
        "The container finds what it made when it started before: something ended it, and it does not start anew over "
        "that.",
        "Look further back (--since) for what ended it the first time: mostly memory, or a health check that was not "
        "answered in time.",
        follows="The error above may be what ended it.",
    ),
    "health check refused": Kind(
        "SageMaker asks GET /ping, and the container does not answer 200: it takes an instance out, and fails a "
        "deployment.",
        "Answer 200 on /ping as soon as requests can be served, within two seconds. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
        follows="The error above tells what the container lacks.",
    ),
    "server behind nginx away": Kind(
        "nginx answers, but the program behind it does not: it has not started, or it has ended.",
        "Does that program start, and listen where nginx looks for it (proxy_pass)? In the first seconds, until it "
        "listens, this is normal.",
        follows="The error above tells why it does not.",
    ),
}
"""The kinds of errors, by name."""

_EXAMPLES = "https://github.com/aws/amazon-sagemaker-examples/issues"
_SDK = "https://github.com/aws/sagemaker-python-sdk/issues"
_TORCHSERVE = "https://github.com/pytorch/serve/issues"
_CODE_PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"
_PYTHON = "https://docs.python.org/3/library/exceptions.html"
_NGINX = "https://nginx.org/en/docs/http/ngx_http_core_module.html"
_GUNICORN = "https://docs.gunicorn.org/en/stable/settings.html"
_ERRNO = "https://man7.org/linux/man-pages/man3/errno.3.html"

PATTERNS: Sequence[Pattern] = (
    # What keeps a container from starting.
    Pattern(
        "wrong architecture",
        "Docker",
        r"exec format error",
        "https://docs.docker.com/build/building/multi-platform/",
        "exec /usr/bin/serve: exec format error",
    ),
    Pattern(
        "program cannot start",
        "Docker",
        r"executable file not found in \$PATH",
        f"{_EXAMPLES}/628",
        'exec: "serve": executable file not found in $PATH',
    ),
    Pattern(
        "program cannot start",
        "Docker",
        r"^exec \S+: (no such file or directory|permission denied)",
        "https://docs.docker.com/reference/dockerfile/#entrypoint",
        "exec /opt/program/serve: no such file or directory",
    ),
    Pattern(
        "program cannot start",
        "shells",
        r"\bserve: (permission denied|(command )?not found)|\bserve'?: permission denied",
        f"{_EXAMPLES}/628",
        "/bin/sh: 1: serve: not found",
    ),
    Pattern(
        "program cannot start",
        "Python",
        r"no such file or directory: '(nginx|gunicorn|java|tritonserver|torchserve)'",
        f"{_EXAMPLES}/1853",
        "FileNotFoundError: [Errno 2] No such file or directory: 'nginx'",
    ),
    Pattern(
        "program cannot start",
        "shells",
        r"\b(line \d+|sh: \d+|bash): \S+: (command )?not found\b",
        "https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html",
        "/usr/local/bin/docker-entrypoint.sh: line 12: gunicorn: command not found",
    ),
    Pattern(
        "program cannot start",
        "shells",
        r"\b(line )?\d+: syntax error\b",
        "https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html",
        "/opt/program/serve: line 3: syntax error near unexpected token `fi'",
    ),
    Pattern(
        "program cannot start",
        "env",
        r"\benv: \S+: no such file or directory",
        "https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html",
        "/usr/bin/env: 'python3\\r': No such file or directory",
    ),
    Pattern(
        "program cannot start",
        "Docker",
        "exec user process caused:? .?(no such file or directory|permission denied)",
        "https://github.com/docker-archive-public/docker.labs/issues/215",
        "standard_init_linux.go:228: exec user process caused: no such file or directory",
    ),
    Pattern(
        "program cannot start",
        "servers",
        r"unrecognized arguments:? (.* )?serve\b|unexpected argument 'serve'|No such command 'serve'",
        "https://github.com/aws/sagemaker-huggingface-inference-toolkit/issues/96",
        "error: unexpected argument 'serve' found",
    ),
    Pattern(
        "library missing",
        "the dynamic linker",
        r"error while loading shared libraries|^(?!.*\bdlerror\b).*\bcannot open shared object file",
        "https://github.com/triton-inference-server/server/issues/1112",
        "serve: error while loading shared libraries: libcudart.so.12: cannot open shared object file",
    ),
    Pattern(
        "library missing",
        "the dynamic linker",
        r"version `?(GLIBC|GLIBCXX|CXXABI)_[\d.]+'? not found|undefined symbol:",
        "https://github.com/aws/deep-learning-containers/issues/2611",
        "ImportError: /lib64/libm.so.6: version `GLIBC_2.29' not found (required by libtokenizers.so)",
    ),
    Pattern(
        "module missing",
        "Python",
        r"\bModuleNotFoundError\b|\bno module named\b|\bImportError: cannot import name\b",
        f"{_EXAMPLES}/1657",
        "ModuleNotFoundError: No module named 'transformers'",
    ),
    Pattern(
        "code cannot be read",
        "Python",
        r"\bSyntaxError: (?!unexpected (token|end|number|string|identifier)\b)|\b(Indentation|Tab)Error: ",
        f"{_EXAMPLES}/439",
        "SyntaxError: invalid syntax",
    ),
    Pattern(
        "module missing",
        "Java",
        r"\b(ClassNotFoundException|NoClassDefFoundError)\b",
        "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/NoClassDefFoundError.html",
        'Exception in thread "main" java.lang.NoClassDefFoundError: org/example/Server',
    ),
    Pattern(
        "module missing",
        "Node.js",
        r"\bError: Cannot find module\b",
        "https://nodejs.org/api/errors.html#module_not_found",
        "Error: Cannot find module 'express'",
    ),
    Pattern(
        "code does not fit the server",
        "SageMaker's toolkits",
        r"\bPlease provide a (model|transform|predict)_fn implementation"
        r"|\b(model|input|predict|output|transform)_fn\(\) (takes|missing) \d",
        f"{_EXAMPLES}/448",
        "NotImplementedError: Please provide a model_fn implementation.",
    ),
    Pattern(
        "code does not fit the server",
        "gunicorn and uvicorn",
        r"\bFailed to (find attribute|parse) '[^']*' (in '|as an attribute)|\bError loading ASGI app\b",
        "https://github.com/benoitc/gunicorn/issues/2411",
        "Failed to find attribute 'application' in 'src.website_viewer'.",
    ),
    Pattern(
        "libraries do not fit together",
        "NumPy",
        r"\bValueError: numpy\.\w+ size changed|\bNumpy is not available\b",
        "https://github.com/intel/intel-ai-inference-samples/pull/14",
        "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88",
    ),
    Pattern(
        "libraries do not fit together",
        "Java",
        r"\bUnsupportedClassVersionError\b",
        "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/UnsupportedClassVersionError.html",
        "java.lang.UnsupportedClassVersionError: org/example/Server has been compiled by a more recent version",
    ),
    Pattern(
        "too many threads",
        "Python, OpenBLAS and OpenMP",
        r"\bpthread_create failed\b|\bcan't start new thread\b|\bThread creation failed\b"
        r"|unable to create (new )?native thread",
        "https://github.com/chroma-core/chroma/issues/1682",
        "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 32: Operation not permitted",
    ),
    Pattern(
        "Neuron device not usable",
        "AWS Neuron",
        r"\bno neuron devices?\b|\b(determine|read compatible) (Neuron )?Driver version"
        r"|\bNeuron runtime (could not|cannot) be initialized\b",
        "https://github.com/aws-neuron/aws-neuron-sdk/issues/633",
        "ERROR  TDRV:tdrv_get_dev_info  No neuron device available",
    ),
    Pattern(
        "GPU memory not free",
        "vLLM",
        r"\bon startup is less than desired GPU memory utilization\b",
        "https://github.com/vllm-project/vllm/issues/20305",
        "ValueError: Free memory on device (3.22/4.0 GiB) on startup is less than desired GPU memory "
        "utilization (0.9, 3.6 GiB).",
    ),
    Pattern(
        "GPU program failed",
        "CUDA",
        r"\bdevice-side assert triggered\b|\bCUDA error: an illegal memory access\b",
        "https://github.com/huggingface/text-generation-inference/issues/965",
        "RuntimeError: CUDA error: device-side assert triggered",
    ),
    Pattern(
        "region not stated",
        "boto3",
        r"\bNoRegionError\b|\bYou must specify a region\b",
        "https://docs.aws.amazon.com/boto3/latest/guide/configuration.html",
        "botocore.exceptions.NoRegionError: You must specify a region.",
    ),
    Pattern(
        "network out of reach",
        "boto3",
        r"\bEndpointConnectionError\b|\bCould not connect to the endpoint URL\b",
        "https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html",
        'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://sts.amazonaws.com/"',
    ),
    Pattern(
        "model files do not fit",
        "Transformers",
        r"\bdoes not appear to have a file named\b"
        r"|\bCould not load model \S+ with any of the following classes\b|\bUnrecognized model in /opt/ml/model\b",
        "https://github.com/aws/sagemaker-huggingface-inference-toolkit/issues/79",
        "OSError: /.sagemaker/mms/models/model does not appear to have a file named config.json.",
    ),
    Pattern(
        "content type not taken",
        "SageMaker's toolkits and TensorFlow Serving",
        r"\bContent type \S+( \S+)? is not supported\b|\bUnsupported (Media Type|content.type)\b"
        r"|\bUnsupportedFormatError\b",
        f"{_EXAMPLES}/729",
        "ValueError: Content type text/csv; charset=utf-8 is not supported.",
    ),
    Pattern(
        "text of an error lost",
        "multi-model server",
        r"\breasonPhrase contains one of the following prohibited characters",
        "https://github.com/awslabs/multi-model-server/issues/933",
        "java.lang.IllegalArgumentException: reasonPhrase contains one of the following prohibited characters",
    ),
    Pattern(
        "GPU not usable",
        "CUDA",
        r"driver version is insufficient|NVIDIA driver on your system is too old",
        "https://github.com/aws/deep-learning-containers/issues/4990",
        "RuntimeError: CUDA driver version is insufficient for CUDA runtime version",
    ),
    Pattern(
        "GPU not usable",
        "CUDA",
        # On instances without a GPU, TensorFlow, Triton and PyTorch look for one too, and go on.
        r"no kernel image is available for execution|(?<!CUDA initialization: )Found no NVIDIA driver"
        r"|(?<!CUDA_ERROR_NO_DEVICE: )(?<!not be available: )no CUDA-capable device is detected",
        "https://github.com/bentoml/aws-sagemaker-deploy/issues/50",
        "RuntimeError: CUDA error: no kernel image is available for execution on the device",
    ),
    Pattern(
        "GPU not usable",
        "NVIDIA's containers",
        r"compatibility mode is UNAVAILABLE",
        "https://github.com/aws/deep-learning-containers/issues/4990",
        "ERROR: This container was built for NVIDIA Driver Release 575.51 or later, but version 470.256 was detected "
        "and compatibility mode is UNAVAILABLE.",
    ),
    Pattern(
        "packages not installed",
        "pip",
        r"Could not find a version that satisfies the requirement|No matching distribution found for",
        f"{_EXAMPLES}/2995",
        "ERROR: Could not find a version that satisfies the requirement boto3 (from versions: none)",
    ),
    Pattern(
        "packages not installed",
        "pip",
        r"\bpip3?\b.{0,20}\binstall\b.{0,160}\breturned non-zero exit status",
        f"{_SDK}/399",
        "subprocess.CalledProcessError: Command '['pip', 'install', '-r', '/opt/ml/code/requirements.txt']' returned "
        "non-zero "
        "exit status 1.",
    ),
    Pattern(
        "packages not installed",
        "SageMaker's toolkits",
        r"\b(InstallModuleError|InstallRequirementsError)\b",
        "https://github.com/aws/sagemaker-training-toolkit/issues/19",
        "2026-05-04 02:51:00,123 sagemaker-containers ERROR    InstallModuleError:",
    ),
    Pattern(
        "place not writable",
        "the system",
        r"\bread-only file ?system\b",
        "https://github.com/aws/sagemaker-tensorflow-serving-container/issues/211",
        "OSError: [Errno 30] Read-only file system: '/opt/ml/models/code'",
    ),
    Pattern(
        "place not writable",
        "Python",
        r"\bPermissionError: \[Errno 13\]",
        "https://github.com/mlflow/mlflow/issues/5544",
        "PermissionError: [Errno 13] Permission denied: '/miniconda/bin/activate'",
    ),
    Pattern(
        "place not writable",
        "Rust",
        r"\bPermission denied \(os error 13\)",
        "https://github.com/huggingface/text-embeddings-inference/issues/609",
        "Error: I/O error Permission denied (os error 13)",
    ),
    Pattern(
        "GPU not usable",
        "PyTorch",
        r"\bTorch not compiled with CUDA enabled\b|\bNo CUDA GPUs are available\b",
        f"{_EXAMPLES}/4651",
        "AssertionError: Torch not compiled with CUDA enabled",
    ),
    Pattern(
        "GPU not usable",
        "vLLM",
        r"\bonly supported on GPUs with compute capability\b",
        "https://github.com/vllm-project/vllm/issues/946",
        "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
        "compute capability 7.5.",
    ),
    Pattern(
        "no such split over GPUs",
        "vLLM",
        r"\battention heads \(\d+\) must be divisible by tensor parallel size",
        "https://github.com/vllm-project/vllm/issues/2652",
        "ValueError: Total number of attention heads (52) must be divisible by tensor parallel size (8).",
    ),
    Pattern(
        "no such split over GPUs",
        "vLLM",
        r"\bAssertionError: \d+ is not divisible by \d+",
        "https://github.com/vllm-project/vllm/issues/8097",
        "AssertionError: 25 is not divisible by 4",
    ),
    Pattern(
        "no such split over GPUs",
        "TGI",
        r"\bsharded is not supported for\b",
        "https://github.com/huggingface/text-generation-inference/issues/2783",
        "ValueError: sharded is not supported for AutoModel",
    ),
    Pattern(
        "GPU processes do not connect",
        "NCCL",
        r"\bncclUnhandled\w*Error\b|\bNCCL\b.{0,60}\bunhandled (system|cuda) error\b",
        "https://github.com/NVIDIA/nccl/issues/473",
        "RuntimeError: NCCL Error 2: unhandled system error",
    ),
    Pattern(
        "GPU processes do not connect",
        "PyTorch",
        r"\[c10d\].{0,60}\bfailed to (connect|listen)\b",
        "https://github.com/huggingface/text-generation-inference/issues/467",
        "[W socket.cpp:601] [c10d] The client socket has failed to connect to [localhost]:29500 (errno: 99 - Cannot "
        "assign "
        "requested address).",
    ),
    # What it runs out of.
    Pattern(
        "context too long for the GPU",
        "vLLM",
        r"max(imum)? (model len|seq(uence)? len(gth)?)\b.*\blarger than the maximum number of tokens",
        "https://github.com/vllm-project/vllm/issues/2418",
        "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens that can be stored "
        "in KV cache (7344).",
    ),
    Pattern(
        "context too long for the GPU",
        "vLLM",
        r"\bNo available memory for the cache blocks\b",
        "https://github.com/vllm-project/vllm/issues/10517",
        "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`.",
    ),
    Pattern(
        "out of memory",
        "Python and Java",
        r"(?<![-+])\b\w*MemoryError\b\s*(:|$)|can(not|'t) allocate memory|\bbad_alloc\b|\bOOM when allocating",
        _PYTHON,
        "java.lang.OutOfMemoryError: Java heap space",
    ),
    Pattern(
        "out of memory",
        "CUDA",
        r"\b(CUDA|HIP|XPU|GPU|error|ran|went|is|was)\b\W{1,3}out of memory|^\W*out of memory\b",
        f"{_TORCHSERVE}/71",
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
    ),
    Pattern(
        "out of memory",
        "TorchServe",
        r"\b507 - System out of memory\b",
        "https://github.com/aws-neuron/aws-neuron-sdk/issues/426",
        "RuntimeError: 507 - System out of memory",
    ),
    Pattern(
        "out of memory",
        "Linux, gunicorn, TGI",
        r"\bOOM.?killed\b|\b(sent|received|got|by|with) SIGKILL|\b(sent|received|got|by|with|on) signal:? 9\b"
        r"|(?-i:^Killed$|\d Killed {2,}|\bKilled process \d)",
        "https://docs.gunicorn.org/en/stable/faq.html#why-are-workers-silently-killed",
        "[2026-05-04 02:51:00 +0000] [7] [ERROR] Worker (pid:12) was sent SIGKILL! Perhaps out of memory?",
    ),
    Pattern(
        "out of memory",
        "gunicorn",
        r"\bterminated due to signal 9\b",
        f"{_EXAMPLES}/3148",
        "[2026-05-04 02:51:00 +0000] [14] [WARNING] Worker with pid 17 was terminated due to signal 9",
    ),
    Pattern(
        "disk full",
        "the system",
        r"no space left on device|\bENOSPC\b|disk quota exceeded",
        _ERRNO,
        "OSError: [Errno 28] No space left on device",
    ),
    Pattern(
        "too many open files",
        "the system",
        r"too many open files",
        _ERRNO,
        "OSError: [Errno 24] Too many open files",
    ),
    Pattern(
        "shared memory too small",
        "PyTorch",
        r"insufficient shared memory|out of shared memory|killed by signal: bus error|^\W*bus error",
        f"{_SDK}/5592",
        "RuntimeError: DataLoader worker (pid 256) is killed by signal: Bus error. It is possible that dataloader's "
        "workers are out of shared memory.",
    ),
    Pattern(
        "shared memory too small",
        "Triton",
        r"unable to (initialize|increase) shared memory|failed to (initialize|increase) .{0,20}shared memory",
        "https://github.com/triton-inference-server/server/issues/5869",
        "Failed to initialize Python stub: Unable to initialize shared memory key '/triton_python_backend_shm_1'",
    ),
    Pattern(
        "shared memory too small",
        "NCCL",
        r"\bcreating shared memory segment /dev/shm|failed to extend /dev/shm",
        "https://github.com/kserve/kserve/issues/3791",
        "misc/shmutils.cc:113 NCCL WARN Error while creating shared memory segment /dev/shm/nccl-H1dBqY (size 9637888)",
    ),
    Pattern(
        "crash",
        "the system",
        r"segmentation fault|\bSIGSEGV\b|\(core dumped\)|illegal instruction|\bSIGILL\b|fatal python error",
        "https://github.com/huggingface/text-generation-inference/issues/2238",
        "/usr/bin/serve: line 3:    14 Segmentation fault      (core dumped) python serve.py",
    ),
    Pattern(
        "crash",
        "the JVM",
        r"\bfatal error has been detected by the Java Runtime Environment\b",
        "https://docs.oracle.com/en/java/javase/17/troubleshoot/fatal-error-log.html",
        "# A fatal error has been detected by the Java Runtime Environment:",
    ),
    Pattern(
        "crash",
        "TGI",
        r"was signaled to shutdown with signal (4|6|7|8|11)\b",
        "https://github.com/huggingface/text-generation-inference/issues/2238",
        "ERROR text_generation_launcher: Shard process was signaled to shutdown with signal 4 rank=0",
    ),
    # What it cannot get.
    Pattern(
        "model is gated",
        "the Hugging Face Hub",
        r"\bGatedRepoError\b|\bgated repo\b|\bAccess to model \S+ is restricted",
        "https://github.com/huggingface/transformers/issues/31367",
        "OSError: You are trying to access a gated repo.",
    ),
    Pattern(
        "download failed",
        "the Hugging Face Hub",
        r"\b(could ?n.t|can(no|')t|unable to|failed to) (connect|load|find|reach|resolve).{0,60}huggingface\.co"
        r"|huggingface\.co.{0,40}Max retries exceeded|\d (Client|Server) Error.{0,60}huggingface\.co"
        r"|\b(HfHubHTTPError|LocalEntryNotFoundError|RepositoryNotFoundError)\b\s*(:|$)",
        "https://github.com/DanielKneipp/aws-sagemaker-stable-diffusion/issues/1",
        "OSError: We couldn't connect to 'https://huggingface.co' to load this file",
    ),
    Pattern(
        "download failed",
        "boto3",
        r"calling the (GetObject|HeadObject|ListObjects(V2)?) operation|\b(NoSuchKey|NoSuchBucket)\b",
        "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        "botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden",
    ),
    Pattern(
        "download failed",
        "servers",
        r"\b(failed|unable|error|could ?n.t|cannot)\b.{0,40}\bdownload"
        r"|\bdownload.{0,60}\b(?<!\b0 )(?<!\bno )(failed|error|timed out)\b",
        "https://github.com/opea-project/GenAIInfra/issues/100",
        "Failed to download model from s3://models/sentiment/model.tar.gz",
    ),
    Pattern(
        "network out of reach",
        "Python",
        r"\bMax retries exceeded with url\b|\bFailed to establish a new connection\b|\b(Connect|Read)TimeoutError\b",
        f"{_SDK}/2199",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.example.com', port=443): Max retries "
        "exceeded with url: /",
    ),
    Pattern(
        "network out of reach",
        "the system",
        r"\btemporary failure in name resolution\b|\bcould not resolve host\b|\bname or service not known\b"
        r"|\b(EAI_AGAIN|ENOTFOUND)\b",
        "https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
        "socket.gaierror: [Errno -3] Temporary failure in name resolution",
    ),
    Pattern(
        "access denied",
        "boto3",
        r"\bAccessDenied(Exception)?\b|\baccess denied\b|not authorized to perform|\bUnauthorizedOperation\b",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
        "AccessDeniedException: User is not authorized to perform: dynamodb:GetItem",
    ),
    # What is wrong with the model.
    Pattern(
        "model not supported",
        "Transformers",
        r"\bdoes not recognize this architecture\b",
        "https://github.com/X-PLUG/mPLUG-DocOwl/issues/26",
        "ValueError: The checkpoint you are trying to load has model type `mplug_docowl` but Transformers does not "
        "recognize "
        "this architecture.",
    ),
    Pattern(
        "model not supported",
        "TGI",
        r"\bunsupported model type\b",
        "https://github.com/philschmid/llm-sagemaker-sample/issues/10",
        "ValueError: Unsupported model type mistral",
    ),
    Pattern(
        "model not supported",
        "DJL and vLLM",
        r"\bCan't pickle <class 'transformers_modules",
        "https://github.com/deepjavalibrary/djl-serving/issues/2502",
        "[INFO ] PyProcess - W-222-model-stdout: _pickle.PicklingError: Can't pickle <class "
        "'transformers_modules.Phi-3-vision.configuration'>",
    ),
    Pattern(
        "model brings code of its own",
        "Transformers",
        r"\brequires you to execute the (configuration|tokenizer|modeling) file\b"
        r"|\bcontains custom code which must be executed\b",
        "https://github.com/huggingface/text-generation-inference/issues/390",
        "ValueError: Loading /opt/ml/model requires you to execute the configuration file in that repo on your local "
        "machine. "
        "Set the option `trust_remote_code=True` to remove this error.",
    ),
    Pattern(
        "model files do not fit",
        "tokenizers",
        r"\bdid not match any variant of untagged enum\b",
        f"{_SDK}/5752",
        "Exception: data did not match any variant of untagged enum ModelWrapper at line 277156 column 3",
    ),
    Pattern(
        "model files do not fit",
        "Transformers",
        r"\bCan't load (the )?(tokenizer|config(uration)?|model|feature extractor) for '",
        "https://github.com/aws/sagemaker-huggingface-inference-toolkit/issues/31",
        "OSError: Can't load tokenizer for '/.sagemaker/mms/models/model'. Make sure that it is the path to a "
        "directory.",
    ),
    Pattern(
        "model files do not fit",
        "cloudpickle",
        r"\bcode\(\) (takes at most|argument) \d+|\bunsupported pickle protocol\b",
        "https://github.com/aws-samples/amazon-sagemaker-from-idea-to-production/issues/9",
        "sagemaker_containers._errors.ClientError: code() takes at most 16 arguments (18 given)",
    ),
    Pattern(
        "model files do not fit",
        "DJL",
        r"\bfile not found in: /opt/ml/model",
        "https://github.com/deepjavalibrary/djl/issues/2649",
        "Caused by: java.io.FileNotFoundException: partitioned_model_ file not found in: /opt/ml/model/code",
    ),
    Pattern(
        "model files do not fit",
        "Triton",
        r"\bload failed for model '",
        f"{_EXAMPLES}/4651",
        "error: creating server: Invalid argument - load failed for model '/opt/ml/model/::t5': version 1 is at "
        "UNAVAILABLE "
        "state: Internal: AssertionError:",
    ),
    Pattern(
        "model files do not fit",
        "TGI",
        r"\bNo (safetensors|\.?\w+) weights found for model\b",
        "https://github.com/huggingface/diffusers/issues/6852",
        "huggingface_hub.utils.EntryNotFoundError: No safetensors weights found for model /opt/ml/model",
    ),
    Pattern(
        "model files do not fit",
        "Python",
        r"\bnot in gzip format\b|\bnot a gzip(ped)? file\b|\bBadGzipFile\b",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html",
        "tarfile.ReadError: not in gzip format",
    ),
    Pattern(
        "model files do not fit",
        "pickle",
        r"\bCan't get attribute '\w+' on <module\b",
        "https://docs.python.org/3/library/pickle.html",
        "AttributeError: Can't get attribute 'Cleaner' on <module '__main__' from '/miniconda3/bin/gunicorn'>",
    ),
    Pattern(
        "model files do not fit",
        "safetensors",
        r"\bSafetensorError\b|\berror while deserializing header\b",
        "https://github.com/huggingface/diffusers/issues/5520",
        "safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge",
    ),
    Pattern(
        "model files do not fit",
        "PyTorch and pickle",
        r"\bError\(s\) in loading state_dict\b|\bUnpicklingError\b|\bPytorchStreamReader failed\b",
        "https://pytorch.org/docs/stable/notes/serialization.html",
        "RuntimeError: Error(s) in loading state_dict for Net: size mismatch for fc.weight",
    ),
    Pattern(
        "model files do not fit",
        "Python",
        r"no such file or directory: '(/opt/ml/(model|code)/|inference\.py)",
        f"{_SDK}/4007",
        "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/model/model.pkl'",
    ),
    Pattern(
        "model files do not fit",
        "TensorFlow Serving",
        r"\bNo versions of servable\b|\bCould not find base path\b|\bServable not found for request\b",
        "https://github.com/aws/sagemaker-tensorflow-training-toolkit/issues/401",
        "E tensorflow_serving/sources/storage_path/file_system_storage_path_source.cc:369] FileSystemStoragePathSource "
        "encountered a filesystem access error: Could not find base path /opt/ml/model for servable model",
    ),
    Pattern(
        "model files do not fit",
        "Triton",
        r"\bfailed to load '[^']+' version \d|\bfailed to load model '",
        "https://github.com/clearml/clearml-serving/issues/3",
        "E0609 11:05:39.787741 697 model_repository_manager.cc:1242] failed to load 'resnet' version 1: Unavailable: "
        "unable to find '/models/resnet/1/model.pt'",
    ),
    Pattern(
        "port taken",
        "the system",
        r"address already in use|\bEADDRINUSE\b|socket '\S+' already in use",
        "https://github.com/triton-inference-server/server/issues/3178",
        "OSError: [Errno 98] Address already in use",
    ),
    Pattern(
        "port taken",
        "Spring",
        r"\bport \d+ (is|was) already in use\b",
        "https://docs.spring.io/spring-boot/reference/features/spring-application.html",
        "Embedded servlet container failed to start. Port 8080 was already in use.",
    ),
    Pattern(
        "model files do not fit",
        "TensorRT",
        r"\bengine plan file is not compatible\b",
        "https://docs.nvidia.com/deeplearning/tensorrt/latest/inference-library/advanced.html",
        "[TRT] [E] 6: The engine plan file is not compatible with this version of TensorRT",
    ),
    # What becomes of requests.
    Pattern(
        "more requests than workers",
        "nginx and gunicorn",
        r"connect\(\) to \S+ failed \(11: Resource temporarily unavailable\)",
        f"{_EXAMPLES}/2960",
        "2026/05/04 02:51:00 [error] 20#20: *32 connect() to unix:/tmp/gunicorn.sock failed (11: Resource temporarily "
        "unavailable) while connecting to upstream",
    ),
    Pattern(
        "request too large",
        "nginx",
        r"client intended to send too large body",
        f"{_NGINX}#client_max_body_size",
        "2026/05/04 02:51:00 [error] 25#25: *3 client intended to send too large body: 5000000 bytes",
    ),
    Pattern(
        "worker time-out",
        "gunicorn",
        r"(?-i:WORKER TIMEOUT)|worker timed out",
        f"{_GUNICORN}#timeout",
        "[2026-05-04 02:51:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:12)",
    ),
    Pattern(
        "worker time-out",
        "nginx",
        r"upstream timed out",
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
        "2026/05/04 02:51:00 [error] 25#25: *3 upstream timed out (110: Connection timed out) while reading",
    ),
    Pattern(
        "worker time-out",
        "TorchServe",
        r"did not respond in given time",
        "https://docs.pytorch.org/serve/configuration.html",
        "Worker did not respond in given time, abandoning the request",
    ),
    Pattern(
        "worker ended",
        "TorchServe and multi-model server",
        r"worker process died|worker died",
        f"{_SDK}/2284",
        "2026-05-04T02:51:00,123 [INFO ] W-9000-model_1.0 o.p.s.w.WorkerThread - Backend worker process died.",
        at_any_level=True,
    ),
    Pattern(
        "worker ended",
        "gunicorn and TorchServe",
        r"failed to boot|\bApp failed to load\b|exception in worker process|\bWorkerInitializationException\b",
        "https://github.com/aws/sagemaker-training-toolkit/issues/7",
        "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>",
    ),
    Pattern(
        "worker ended",
        "TGI",
        r"\b(ShardCannotStart|ShardFailed)\b|\bShard \d+ failed to start\b",
        "https://github.com/huggingface/text-generation-inference/issues/467",
        "Error: ShardCannotStart",
    ),
    Pattern(
        "worker ended",
        "vLLM",
        r"\bEngine core initialization failed\b|\bEngineCore failed to start\b|\b(Async)?EngineDeadError\b",
        "https://github.com/vllm-project/vllm/issues/25837",
        "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
    ),
    Pattern(
        "worker ended",
        "TGI's router",
        r"\berror trying to connect: No such file or directory \(os error 2\)",
        "https://github.com/huggingface/text-generation-inference/issues/3317",
        '{"level":"ERROR","message":"Server error: error trying to connect: No such file or directory (os error 2)"}',
    ),
    Pattern(
        "worker ended",
        "multi-model server",
        r"\bBackend worker thread exception\b",
        f"{_SDK}/1370",
        "2026-05-04 02:51:00,136 [WARN ] W-9000-model com.amazonaws.ml.mms.wlm.WorkerThread - Backend worker thread "
        "exception.",
    ),
    Pattern(
        "container started again",
        "TorchServe",
        r"\.mar already exists\b",
        "https://github.com/aws-samples/amazon-sagemaker-asynchronous-inference-computer-vision/issues/5",
        "ERROR - /.sagemaker/ts/models/model.mar already exists.",
    ),
    Pattern(
        "worker ended",
        "nginx",
        r"prematurely closed connection",
        "https://nginx.org/en/docs/http/ngx_http_upstream_module.html",
        "2026/05/04 02:51:00 [error] 25#25: *3 upstream prematurely closed connection while reading response header",
    ),
    Pattern(
        "health check refused",
        "access logs",
        r"\"GET /ping HTTP/\d(\.\d)?\" [45]\d\d\b",
        f"{_SDK}/1554",
        '10.32.0.2 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 400 3 "-" "AHC/2.0"',
        at_any_level=True,
    ),
    Pattern(
        "health check refused",
        "nginx with JavaScript",
        r"\bfailed ping\b",
        "https://github.com/aws/sagemaker-tensorflow-training-toolkit/issues/401",
        "2026/05/04 02:51:00 [error] 19#19: *1 js: failed ping",
    ),
    Pattern(
        "server behind nginx away",
        "nginx",
        r"connect\(\) (to \S+ )?failed \(\d+: [^)]+\) while connecting to upstream|no live upstreams",
        f"{_EXAMPLES}/2028",
        "2026/05/04 02:51:00 [crit] 11#11: *1 connect() to unix:/tmp/gunicorn.sock failed (2: No such file or "
        "directory) while connecting to upstream",
        at_any_level=True,
    ),
)
"""The patterns; the first whose words a line has tells its kind."""
