"""What servers print that are well: none of it is an error, though some of it has the words of one."""

from collections.abc import Mapping, Sequence

HEALTHY: Mapping[str, Sequence[str]] = {
    "TorchServe": [
        "WARNING: sun.reflect.Reflection.getCallerClass is not supported. This will impact performance.",
        "2026-05-04T02:51:00,001 [INFO ] main org.pytorch.serve.servingsdk.impl.PluginsManager - Initializing plugins",
        "2026-05-04T02:51:00,002 [INFO ] main org.pytorch.serve.ModelServer - Number of CPUs: 4, Number of GPUs: 0",
        "Enable metrics API: true, Default workers per model: 4, Blacklist Regex: N/A, Maximum Response Size: 6553500",
        "Maximum Request Size: 6553500, Limit Maximum Image Pixels: true, Prefer direct buffer: false",
        "2026-05-04T02:51:01,001 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - Listening on port: /tmp/.ts.sock.9000",
        "2026-05-04T02:51:01,002 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - Torch worker started.",
        "2026-05-04T02:51:02,001 [DEBUG] W-9000-model_1.0 o.p.s.w.WorkerThread - State change WORKER_STARTED",
        '2026-05-04T02:51:05,001 [INFO ] pool-1-thread-2 ACCESS_LOG - /10.32.0.2:35472 "GET /ping HTTP/1.1" 200 4',
        "2026-05-04T02:51:05,002 [INFO ] pool-1-thread-2 TS_METRICS - Requests5XX.Count:0|#Level:Host|#hostname:model",
        "2026-05-04T02:51:05,003 [INFO ] pool-3-thread-1 TS_METRICS - WorkerThreadTime.Milliseconds:1.0|#Level:Host",
        (
            "2026-05-04T02:51:05,003 [WARN ] W-9000-model_1.0-stderr MODEL_LOG - torch/cuda/__init__.py:118: "
            "UserWarning: "
            "CUDA initialization: Found no NVIDIA driver on your system."
        ),
        "2026-05-04T02:51:05,004 [WARN ] W-9000-model_1.0-stderr MODEL_LOG - UserWarning: padding is deprecated",
    ],
    "multi-model server": [
        "java -Xmx4g -XX:-UseContainerSupport -XX:+ExitOnOutOfMemoryError -Dlog4j.configuration=log4j.properties",
        "2026-05-04 02:51:00,001 [INFO ] main com.amazonaws.ml.mms.ModelServer - MMS Home: /opt/conda/lib/mms",
        "Max heap size: 4096 M, Python executable: /opt/conda/bin/python, Preload model: false",
        "2026-05-04 02:51:01,001 [INFO ] W-9000-model-stdout com.amazonaws.ml.mms.wlm.WorkerLifeCycle - [PID]142",
        '2026-05-04 02:51:02,001 [INFO ] pool-1-thread-3 ACCESS_LOG - /10.32.0.2:1 "POST /invocations HTTP/1.1" 200 8',
        "Model server started.",
    ],
    "DJL and LMI": [
        "INFO  ModelServer Starting model server ...",
        "INFO  ModelServer Starting djl-serving: 0.27.0 ...",
        "INFO  ModelServer Environment variables: OPTION_ROLLING_BATCH=lmi-dist, ERROR_LOG=stdout, FEATURES=vllm",
        "JAVA_OPTS=-Xmx1g -Xms1g -XX:+ExitOnOutOfMemoryError -Dlog4j2.formatMsgNoLookups=true",
        "[INFO ] LmiUtils - Detected mpi_mode: false, rolling_batch: vllm, tensor_parallel_degree: 4",
        "INFO  PyProcess W-195-model-stdout: INFO worker ready, retry on error: 3",
        "INFO  WorkerPool loading model model (PENDING) on gpu(0) ...",
        "INFO  ModelServer BOTH API bind to: http://0.0.0.0:8080",
    ],
    "text-generation-inference": [
        '2026-05-04T02:51:00.123456Z  INFO text_generation_launcher: Args { model_id: "/opt/ml", revision: None }',
        "2026-05-04T02:51:01.123456Z  INFO download: text_generation_launcher: Successfully downloaded weights.",
        "2026-05-04T02:51:02.123456Z  WARN text_generation_router: no pipeline tag found for model /opt/ml/model",
        "2026-05-04T02:51:03.123456Z  INFO text_generation_launcher: Shard ready in 9.5 s rank=0",
        "2026-05-04T02:51:04.123456Z  INFO text_generation_router: Connected",
        '2026-05-04T02:51:05.123456Z  INFO generate{total_time="1.2s" validation_time="0.3ms"}: Success',
        "    max_waiting_tokens: 20, waiting_served_ratio: 1.2, on_error: None, cuda_memory_fraction: 1.0,",
    ],
    "vLLM": [
        "INFO 05-04 02:51:00 [api_server.py:1034] vLLM API server version 0.8.4",
        "INFO 05-04 02:51:00 [api_server.py:1035] args: Namespace(log_level='error', max_model_len=8192, seed=0)",
        "INFO 05-04 02:51:09 [gpu_executor.py:122] # GPU blocks: 27768, # CPU blocks: 2048",
        "INFO 05-04 02:51:10 [model_runner.py:1430] CUDA graphs can take additional 1~3 GiB memory per GPU.",
        "WARNING 05-04 02:51:10 [config.py:487] Casting torch.bfloat16 to torch.float16.",
        'INFO:     10.32.0.2:44166 - "GET /ping HTTP/1.1" 200 OK',
        "INFO 05-04 02:52:00 [metrics.py:455] Avg prompt throughput: 0.0 tokens/s, Running: 0 reqs, Pending: 0 reqs",
        "INFO:     Application startup complete.",
    ],
    "Triton": [
        (
            "W0504 02:51:00.123456 1 pinned_memory_manager.cc:236] Unable to allocate pinned system memory, "
            "pinned memory pool "
            "will not be available: no CUDA-capable device is detected"
        ),
        "I0504 02:51:00.123456 1 pinned_memory_manager.cc:277] Pinned memory pool is created with size 268435456",
        "I0504 02:51:00.123456 1 model_lifecycle.cc:469] loading: resnet:1",
        "I0504 02:51:00.123456 1 model_lifecycle.cc:835] successfully loaded 'resnet'",
        "| log_error             | 1     |",
        "| exit_timeout          | 30    |",
        "| strict_readiness      | 1     |",
        "| Model  | Version | Status |",
        "| resnet | 1       | READY  |",
        "I0504 02:51:01.123456 1 sagemaker_server.cc:289] Started Sagemaker HTTPService at 0.0.0.0:8080",
        "W0504 02:51:01.123456 1 metrics.cc:801] Unable to get power limit for GPU 0. Status:Success, value:0.0",
    ],
    "TensorFlow Serving": [
        "2026-05-04 02:51:00.123456: I tensorflow_serving/model_servers/server_core.cc:467] Adding/updating models.",
        "2026-05-04 02:51:00.123456: I external/org_tensorflow/cc/loader.cc:317] SavedModel load: success: OK.",
        "2026-05-04 02:51:00.123456: W dso_loader.cc:64] dlerror: libcudart.so.11.0: cannot open shared object file",
        "[warn] getaddrinfo: address family for nodename not supported",
        (
            "2026-05-04 02:51:00.123456: E external/local_xla/xla/stream_executor/cuda/cuda_driver.cc:266] "
            "failed call to "
            "cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected"
        ),
        "[evhttp_server.cc : 245] NET_LOG: Entering the event loop ...",
        "INFO:__main__:starting services, tensorflow serving config: error_log /dev/stderr",
    ],
    "gunicorn, nginx and Flask": [
        "Starting the inference server with 4 workers.",
        "[2026-05-04 02:51:00 +0000] [7] [INFO] Starting gunicorn 23.0.0",
        "[2026-05-04 02:51:00 +0000] [7] [INFO] Listening at: unix:/tmp/gunicorn.sock (7)",
        "[2026-05-04 02:51:00 +0000] [9] [INFO] Booting worker with pid: 9",
        "[2026-05-04 02:51:00 +0000] [7] [DEBUG]   errorlog: -",
        "[2026-05-04 02:51:00 +0000] [7] [DEBUG]   worker_abort: <function WorkerAbort.worker_abort at 0x7f>",
        '169.254.255.130 - - [04/May/2026:02:51:00 +0000] "GET /ping HTTP/1.1" 200 1 "-" "Go-http-client/1.1"',
        '169.254.255.130 - - [04/May/2026:02:51:00 +0000] "POST /invocations HTTP/1.1" 200 500 "-" "AHC/2.0"',
        "  error_log  /dev/stderr;",
        "  proxy_read_timeout 1200s; # no error before",
        " * Serving Flask app 'predictor'",
        "WARNING: This is a development server. Do not use it in a production deployment.",
        "gunicorn --timeout 60 --log-level error -k gevent -b unix:/tmp/gunicorn.sock wsgi:app",
    ],
    "the JVM": [
        "Picked up JAVA_TOOL_OPTIONS: -XX:+ExitOnOutOfMemoryError -XX:MaxRAMPercentage=75.0",
        "Command line flags: -XX:+CrashOnOutOfMemoryError -XX:OnOutOfMemoryError=/bin/stop -XX:ErrorFile=/tmp/err.log",
        "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes",
        "[0.005s][info][gc] Using G1",
        "  .   ____          _            __ _ _",
        "INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat initialized with port 8080 (http)",
        "WARN  [main] org.example.App - the defaults are used because of NotFoundException",
        "2026-05-04 02:51:00.001 WARN 1 --- [main] o.s.b.Loader : Failed to load the optional profile: skipped",
        "java -jar app.jar --on-error ExitOnOutOfMemoryError -Xmx2g",
        "INFO 1 --- [main] c.e.Application : ErrorMvcAutoConfiguration is active, error page at /error",
    ],
    "Hugging Face's toolkit": [
        "Starting to serve, HF_TASK=text-classification SAGEMAKER_CONTAINER_LOG_LEVEL=20 ON_ERROR=exit",
        "Some weights of the model checkpoint were not used when initializing BertForSequenceClassification",
        "Downloading: 100%|##########| 629/629 [00:00<00:00, 1.2MB/s]",
        "Using the `WANDB_DISABLED` environment variable is deprecated",
        "RuntimeWarning: numpy.dtype size changed, may indicate binary incompatibility. Expected 96, got 88",
        "Found model_fn in /opt/ml/model/code/inference.py; predict_fn() takes what input_fn gives",
        "INFO - requests of a content type that is not supported are answered with 415",
    ],
}
