#!/usr/bin/env bash
# Sees to it that the network interfaces of a SageMaker endpoint do not outlive it: see --help.
# Runs on bash 3.2, macOS's own: no associative arrays, no mapfile, no `wait -n`.

set -uf +eCkv # an exported SHELLOPTS may have set the latter
LC_ALL=C # the ranges in the patterns below mean ASCII
exec 7>&2 # the log; what bash itself has to say of its jobs goes elsewhere

IFS= read -r -d '' HELP <<'HELP'
Usage: eni_cleanup.sh mark | release | --help

Frees a security group from the network interfaces that SageMaker has put into it for an endpoint.
SageMaker often leaves them behind, and a group with an interface in it cannot be deleted.

  mark      After the endpoint is created or updated: asks AWS to delete each of its interfaces along with
            what it is attached to (DeleteOnTermination); then deletes those that stay behind, once AWS has let
            go of them, in a group that the endpoint has moved away from. It fails an apply where AWS says that
            the endpoint does not serve what it should (ENDPOINT_CONFIG_NAME), so that Terraform deletes
            nothing of what is live; neither for a wrong input nor for any other answer of AWS: it warns.
  release   After the endpoint is deleted, before the security group is: waits for the endpoint's end and
            for AWS to let go of the interfaces, deletes those left over, and returns when the group is free.
            It changes nothing while the endpoint is alive. To run it again does no harm: it goes on from
            what it finds.

Whose an interface is, its RequesterId tells; the log says of each what it was taken for, and why:

  ours      The endpoint's execution role asked for it: marked; deleted; detached by force when AWS holds it.
  shared    An existing role asked for it, which other endpoints may use too (EXECUTION_ROLE_SHARED).
  unsure    AWS manages it, and its RequesterId names neither a role nor another service. Like 'shared' it is
            neither marked nor detached by force. It is deleted in a group that was made for the endpoint,
            when the endpoint is gone, no other role has an interface there, and it has been 'available' for
            a minute (or DETACH_AFTER, if that is less).
  foreign   All others: made by hand, or for another role, for an instance of yours, for another service, for
            SageMaker's notebooks and Studio. Never touched.

Needs bash 3.2 or newer and the aws command line, version 1 or 2. Everything is set by environment:

  variable                        default  meaning
  ENI_CLEANUP_SECURITY_GROUP_ID  required  the group to free: sg- and 8 or 17 hexadecimal digits
  ENI_CLEANUP_REGION             required  its region, such as eu-west-1 or us-gov-west-1
  ENI_CLEANUP_ENDPOINT_NAME      required  the endpoint: 1-63 letters, digits and inner hyphens
  ENI_CLEANUP_ENDPOINT_CONFIG_NAME   none  the configuration that the endpoint should serve: mark fails where AWS
                                           names another. 1-63 letters, digits and inner hyphens
  ENI_CLEANUP_ACCOUNT_ID             none  the account that Terraform works in, 12 digits: elsewhere nothing is done
  ENI_CLEANUP_EXECUTION_ROLE_ID      none  the unique id of the endpoint's execution role: AROA and 12 or more of
                                           A-Z 0-9. Without it, what a role asked for is 'unsure'
  ENI_CLEANUP_EXECUTION_ROLE_SHARED false  whether other endpoints may use that role: true or false
  ENI_CLEANUP_GROUP_NAME_PREFIX      none  how the names of groups made for this endpoint begin: mark looks in
                                           those for what stayed behind. 1-255 printable ASCII characters
  ENI_CLEANUP_ROLE_ARN               none  an IAM role to assume for all calls (renewed while it waits)
  ENI_CLEANUP_EXTERNAL_ID            none  the external id that role asks for: 2-1224 of A-Z a-z 0-9 _+=,.@:/-
  ENI_CLEANUP_PROFILE                none  a profile of the aws command line
  ENI_CLEANUP_ENDPOINT_URL           none  http(s) URL to call instead of AWS's own, for every service
  ENI_CLEANUP_TIMEOUT                1800  seconds until it gives up: 1-86400; marking gives up after 120 at
                                           most. Calls that hang even then are ended after ten more, those
                                           that ignore SIGTERM after twenty
  ENI_CLEANUP_INTERVAL                 15  seconds between two looks at the group: 1-300
  ENI_CLEANUP_DETACH_AFTER            300  seconds to wait for AWS before an interface of the deleted
                                           endpoint is detached by force, once: 0-86400
  ENI_CLEANUP_SETTLE                    2  looks in a row that must find the group free: 1-20
  ENI_CLEANUP_PARALLEL                  8  calls that change something, side by side: 1-32

What is empty is the same as none. Credentials are found the way the aws command line finds them; neither
they nor the external id nor the URL is printed or stored.

Exit codes, and what they ask of you:
  0    The group is free; or, with a warning, the endpoint is alive and nothing was touched. After mark:
       done, or a warning says what was not. Nothing to do.
  2    An input is wrong, or there is no such input. The message names it, and its value unless that may be
       secret: correct it. After mark it is a warning and the code is 0; an input that there is not keeps
       nothing from being marked.
  3    No aws command, no credentials, credentials of another account, no permission, or AWS does not
       answer. AWS's own words are printed: mend that, then destroy again.
  4    Time is up, and interfaces are left: each is named. Destroy again: it goes on from here. If AWS
       keeps one for hours, ask AWS Support to release it.
  5    Only interfaces that are not, or perhaps not, the endpoint's hold the group: each is described. Take
       them out of the group, or delete them if they are yours, then destroy again.
  6    After mark: SageMaker could not deploy the configuration. AWS's reason is printed, and what is live:
       mend that, deploy it again or apply other inputs. Nothing was marked.
  129, 130, 143  Interrupted by SIGHUP, SIGINT or SIGTERM, when run by hand: run it again, it goes on from
       here. Terraform, when interrupted, kills it and reports 'signal: killed': destroy again. What it had
       begun to call ends then within seconds, and no file of it stays.

IAM actions the operator needs:
  ec2:DescribeNetworkInterfaces           mark, release
  ec2:ModifyNetworkInterfaceAttribute     mark
  ec2:DeleteNetworkInterface              release, and mark for what stayed behind in a former group
  ec2:DescribeSecurityGroups              release; without it, nothing that is 'shared' or 'unsure' is deleted
  ec2:DetachNetworkInterface              release; without it, interfaces that AWS does not let go of stay
  sagemaker:DescribeEndpoint              mark; without it, what the endpoint serves is not compared
                                          release; without it, the end of the endpoint is not waited for, and
                                          nothing is detached by force, nor anything deleted that is not 'ours'
  sts:AssumeRole                          where ENI_CLEANUP_ROLE_ARN is given
HELP

NAME='^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$' # of an endpoint or of its configuration
ENI_ID='^eni-[0-9a-f]{8,17}$'
ENI_ATTACHMENT_ID='^eni-attach-[0-9a-f]{8,17}$' # not ela-attach-*, which AWS lets nobody manage
ERROR_CODE='An error occurred \(([^)]+)\)'
HUNG='the aws command hung and was ended'
GRACE=10         # seconds that a call may go on when time is up: its own time-outs come first and say more
PATIENCE=5       # seconds that it has to heed SIGTERM then
RENEW_AFTER=2700 # seconds; the credentials of an assumed role last an hour
MARK_TIMEOUT=120 # seconds; nothing depends on a mark, so it keeps no apply waiting
QUIET=60         # seconds; what SageMaker has just made may stand available until it is attached
UPTIME=/proc/uptime
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
PRINCIPAL='^(AROA|AIDA|ASIA|AKIA|AGPA)[A-Z0-9]+$'
# How AWS's services describe what they make, where the requester is but an account: read in public reports.
OTHER_SERVICE='^(ELB |RDS|ElastiCache|EFS |AWS Lambda|Lambda|DMS|Amazon EKS|aws-K8S|arn:aws[a-z-]*:ecs|Attached to Glue'
OTHER_SERVICE="$OTHER_SERVICE|VPC Endpoint|Interface for NAT|Network Interface for Transit|AWS created network"
OTHER_SERVICE="$OTHER_SERVICE|Amazon OpenSearch|ES |CodeBuild|Redshift|Kafka|Route 53 Resolver"
OTHER_SERVICE="$OTHER_SERVICE|Created By Amazon Work[Ss]paces|CloudHSM)"
END=end # how every answer ends that is read: what was cut off must not pass for a whole one
# EndpointNetwork's word for the groups that it makes
GROUP_DESCRIPTION='Network interfaces of a SageMaker endpoint: no ingress'

# One row to an interface. Nothing in it can be empty or hold a tab or a line end: the free text is JSON.
ROW="[NetworkInterfaces[].[NetworkInterfaceId, Status || '-', InterfaceType || '-',
  to_string(RequesterManaged), RequesterId || '-', OwnerId || '-', join(',', Groups[].GroupId) || '-',
  Attachment.AttachmentId || '-', Attachment.InstanceId || '-', Attachment.InstanceOwnerId || '-',
  to_string(Attachment.DeleteOnTermination), SubnetId || '-', join(',', Groups[].GroupName) || '-',
  to_string([Description])], [['$END']]][]"

# Seconds since the start, of a clock that nobody sets: bash's SECONDS follow the wall clock.
clock='' began=0 now=0
read_clock() {
  local seconds=''
  [[ -z $clock ]] || IFS=. read -r seconds _ <"$clock"
  [[ ! $seconds =~ ^[0-9]+$ ]] || now=$((seconds - began))
} 2>/dev/null

say() { # only what every terminal prints: neither AWS nor the environment is to steer it
  local text="$*"
  read_clock
  printf 'eni_cleanup: [%4ds] %s\n' "$now" "${text//[! -~]/?}" >&7
}
warn() { say "WARNING: $*"; }

# ---------------------------------------------------------------------------------------------- inputs

wrong=0 severity=ERROR
refuse() { # variable, value, what is allowed
  say "$severity: $1 is '$2': $3"
  wrong=1
}

refuse_unseen() { # variable, what is allowed; its value may hold a secret
  say "$severity: $1, whose value is not shown: $2"
  wrong=1
}

matching() { # variable, pattern, what is allowed
  local value=${!1-}
  [[ $value =~ $2 ]] || refuse "$1" "$value" "$3"
}

matching_if_given() { [[ -z ${!1-} ]] || matching "$@"; }

whole_number() { # variable, default, least, most
  local value=${!1:-$2} pattern='^(0|[1-9][0-9]{0,6})$'
  if [[ $value =~ $pattern ]] && ((value >= $3 && value <= $4)); then
    number=$value
  else
    refuse "$1" "$value" "give a whole number from $3 to $4"
  fi
}

read_inputs() { # mode
  local name known
  known=' SECURITY_GROUP_ID REGION ENDPOINT_NAME ENDPOINT_CONFIG_NAME ACCOUNT_ID EXECUTION_ROLE_ID'
  known="$known EXECUTION_ROLE_SHARED GROUP_NAME_PREFIX ROLE_ARN EXTERNAL_ID PROFILE ENDPOINT_URL"
  known="$known TIMEOUT INTERVAL DETACH_AFTER SETTLE PARALLEL "
  for name in ${!ENI_CLEANUP_*}; do
    [[ $known == *" ${name#ENI_CLEANUP_} "* ]] || refuse_unseen "$name" "no such input; see --help"
  done
  [[ $1 == release ]] || wrong=0 # a stray variable is no reason to leave interfaces unmarked

  matching ENI_CLEANUP_SECURITY_GROUP_ID '^sg-([0-9a-f]{8}|[0-9a-f]{17})$' \
    "give a security group's id: sg- and 8 or 17 hexadecimal digits"
  matching ENI_CLEANUP_REGION '^[a-z]{2,5}(-[a-z]{2,15}){1,3}-[0-9]{1,2}$' "give a region such as eu-west-1"
  matching ENI_CLEANUP_ENDPOINT_NAME "$NAME" "give the endpoint's name: 1 to 63 letters, digits and inner hyphens"
  matching_if_given ENI_CLEANUP_ENDPOINT_CONFIG_NAME "$NAME" \
    "give the configuration's name: 1 to 63 letters, digits and inner hyphens"
  matching_if_given ENI_CLEANUP_ACCOUNT_ID '^[0-9]{12}$' "give an account's 12 digits"
  matching_if_given ENI_CLEANUP_EXECUTION_ROLE_ID '^AROA[A-Z0-9]{12,124}$' \
    "give the role's unique id: AROA and 12 to 124 of A-Z 0-9"
  matching_if_given ENI_CLEANUP_EXECUTION_ROLE_SHARED '^(true|false)$' "give true or false"
  matching_if_given ENI_CLEANUP_GROUP_NAME_PREFIX '^[ -~]{1,255}$' "give 1 to 255 printable ASCII characters"
  matching_if_given ENI_CLEANUP_ROLE_ARN \
    '^arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}$' \
    "give a role's ARN: arn:aws:iam::<account>:role/<name>"
  matching_if_given ENI_CLEANUP_PROFILE '^[^-[:cntrl:]][^[:cntrl:]]*$' "give the name of a profile"

  group=${ENI_CLEANUP_SECURITY_GROUP_ID-} region=${ENI_CLEANUP_REGION-} endpoint=${ENI_CLEANUP_ENDPOINT_NAME-}
  role_arn=${ENI_CLEANUP_ROLE_ARN-} external_id=${ENI_CLEANUP_EXTERNAL_ID-}
  profile=${ENI_CLEANUP_PROFILE-} endpoint_url=${ENI_CLEANUP_ENDPOINT_URL-}
  configuration=${ENI_CLEANUP_ENDPOINT_CONFIG_NAME-}
  account=${ENI_CLEANUP_ACCOUNT_ID-} execution_role=${ENI_CLEANUP_EXECUTION_ROLE_ID-}
  shared=${ENI_CLEANUP_EXECUTION_ROLE_SHARED:-false} prefix=${ENI_CLEANUP_GROUP_NAME_PREFIX-}

  local url='^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$'
  [[ -z $endpoint_url || $endpoint_url =~ $url ]] ||
    refuse_unseen ENI_CLEANUP_ENDPOINT_URL "give an http or https URL without user name, query or fragment"
  local allowed='^[A-Za-z0-9_+=,.@:/-]{2,}$' a_url='^(file|fileb|http|https)://' # the aws command line would read it
  if [[ -n $external_id ]]; then
    if [[ ! $external_id =~ $allowed || $external_id =~ $a_url ]] || ((${#external_id} > 1224)); then
      refuse_unseen ENI_CLEANUP_EXTERNAL_ID "give 2 to 1224 of A-Z a-z 0-9 _+=,.@:/- that are no URL"
    elif [[ -z $role_arn ]]; then
      refuse_unseen ENI_CLEANUP_EXTERNAL_ID "it is of no use without ENI_CLEANUP_ROLE_ARN; give both or neither"
    fi
  fi

  number=0
  whole_number ENI_CLEANUP_TIMEOUT 1800 1 86400 && timeout=$number
  whole_number ENI_CLEANUP_INTERVAL 15 1 300 && interval=$number
  whole_number ENI_CLEANUP_DETACH_AFTER 300 0 86400 && detach_after=$number
  whole_number ENI_CLEANUP_SETTLE 2 1 20 && settle=$number
  whole_number ENI_CLEANUP_PARALLEL 8 1 32 && parallel=$number
  ((wrong)) || return 0
  [[ $1 == release ]] || unmarked 'an input is wrong, which is named above'
  exit 2
}

# ------------------------------------------------------------------------- processes, time and signals

scratch=''

pipe() { # path
  words=$(mkfifo "$1" 2>&1) && return 0
  kind=hopeless words="no named pipe can be made: $words"
  return 1
}

prepare() {
  if [[ -z $(type -P aws) ]]; then
    words='there is no aws command on PATH; install the AWS CLI, version 1 or 2'
    return 1
  fi
  umask 077
  if ! scratch=$(mktemp -d "${TMPDIR:-/tmp}/eni_cleanup.XXXXXX" 2>&1); then
    words="no temporary directory: $scratch"
    scratch=''
    return 1
  fi
  exec 2>"$scratch/bash"
  pipe "$scratch/life" || return 1
  pipe "$scratch/guard" || return 1
  exec 6<>"$scratch/life"
  exec 9<>"$scratch/guard"
  exec 8<"$scratch/guard"
  watch
  [[ -n ${AWS_PROFILE-} ]] || unset AWS_PROFILE # the aws command line looks for a profile named ''
  export AWS_REGION=$region AWS_DEFAULT_REGION=$region # version 1 does not know AWS_REGION
  export AWS_MAX_ATTEMPTS=1                            # trying again is done here, inside the deadline
  export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
  # https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-error-format.html
  export AWS_CLI_ERROR_FORMAT=legacy
}

start_clock() {
  [[ ! -r $UPTIME ]] || clock=$UPTIME
  read_clock
  began=$now now=0
}

# Outlives this script, to tidy up behind it when it is killed: a process writes its id down before it calls anything.
# It waits for the last writer of a pipe to go, which is this script. Where the system tells no uptime it ticks, too.
watch() {
  set -m # in a process group of its own, which whatever kills this one's may spare
  (
    trap '' HUP INT TERM
    exec 5<"$scratch/life" 6>&- 7>&- 8<&- 9>&-
    ticker='' ticked=0
    if [[ -z $clock ]]; then
      while sleep 1 && echo $((ticked += 1)) >"$scratch/clock"; do :; done 5<&- &
      ticker=$!
    fi
    read -r <&5
    [[ -z $ticker ]] || kill "$ticker"
    set +f
    for signal in TERM KILL; do
      [[ -d $scratch ]] || exit
      for file in "$scratch"/*.pid; do
        pid=''
        read -r pid <"$file"
        [[ -z $pid ]] || kill "-$signal" "$pid"
      done
      [[ $signal == KILL ]] || sleep "$PATIENCE"
    done
    rm -rf "$scratch"
  ) </dev/null >/dev/null 2>&1 &
  set +m
  disown $!
  [[ -n $clock ]] || { echo 0 >"$scratch/clock" && clock=$scratch/clock; }
}

end_all() { # that still runs: as bash's table of jobs has it, a process id may be another's by now
  local job signal since
  for job in $(jobs -rp); do
    [[ -z ${slots[job]-} ]] || printf '%s\n' "$HUNG" >>"$scratch/${slots[job]}.err"
  done
  for signal in TERM KILL; do
    for job in $(jobs -rp); do kill "-$signal" "$job"; done
    read_clock
    since=$now
    while [[ -n $(jobs -rp) ]] && ((now - since < PATIENCE)); do
      sleep 0.1
      read_clock
    done
  done
}

clean() {
  local code=$? line
  trap '' HUP INT TERM # a second signal would keep it from removing what is there
  case $code in
    0 | 2 | 3 | 4 | 5 | 6 | 129 | 130 | 143) ;;
    *) # bash ended it
      while IFS= read -r line; do say "ERROR: $line"; done <"${scratch:-/dev}/bash" ;;
  esac
  end_all
  [[ -z $scratch ]] || rm -rf "$scratch"
}

interrupted() { # exit code, signal
  trap '' HUP INT TERM
  say "interrupted by $2; run it again to go on from here"
  exit "$1"
}

time_left() {
  read_clock
  left=$((timeout > now ? timeout - now : 0))
}

nap() { # seconds; bash answers a signal at once only while it is in wait, so everything runs behind it
  time_left
  sleep "$(($1 < left ? $1 : left))" >/dev/null 2>&1 6>&- 7>&- 8<&- 9>&- &
  echo $! >"$scratch/nap.pid"
  wait $!
  : >"$scratch/nap.pid"
}

# --------------------------------------------------------------------------------- the aws command line

role_key_id='' role_secret='' role_token='' role_since=0

start() { # slot, arguments of the aws command line
  local slot=$1 connect=10 answer=60
  shift
  time_left
  due[slot]=$((now + left + GRACE))
  ((left > 0)) || left=1
  (
    if [[ -n $role_key_id ]]; then # credentials of the environment go before those of AWS_PROFILE
      unset AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION # the operator's, which go before what is exported here
      export AWS_ACCESS_KEY_ID=$role_key_id AWS_SECRET_ACCESS_KEY=$role_secret AWS_SESSION_TOKEN=$role_token
      [[ -z $profile ]] || export AWS_PROFILE=$profile
    elif [[ -n $profile ]]; then
      set -- --profile "$profile" "$@"
    fi
    [[ -z $endpoint_url ]] || set -- --endpoint-url "$endpoint_url" "$@"
    set -- --region "$region" --output text --cli-connect-timeout $((connect < left ? connect : left)) \
      --cli-read-timeout $((answer < left ? answer : left)) "$@"
    # Nothing is called that nobody would end: see watch.
    # shellcheck disable=SC2016 # sh is to expand these
    exec sh -c 'echo $$ >"$1" && kill -0 "$2" && shift 2 && exec aws "$@"' sh "$scratch/$slot.pid" $$ "$@"
  ) </dev/null >"$scratch/$slot.out" 2>"$scratch/$slot.err" 6>&- 7>&- 8<&- 9>&- &
  pids[slot]=$!
  slots[$!]=$slot
}

# The time-outs of the aws command are for HTTP alone: a credential_process may hang, or a prompt on the terminal.
# So each call is waited for with a guard beside it, which ends it when it is due. A line on 9 ends the guard.
# It only reads: when this script is killed no writer is left, so its reads end, and with them the call, at once.
await() { # slot
  local guard failed=0 limit
  read_clock
  limit=$((due[$1] - now))
  (
    exec 6>&- 7>&- 9>&-
    read -r -t $((limit > 0 ? limit : 1)) && exit
    printf '%s\n' "$HUNG" >>"$scratch/$1.err"
    kill -TERM "${pids[$1]}"
    read -r -t "$PATIENCE" && exit
    kill -KILL "${pids[$1]}"
    read -r -t 60
  ) <&8 >/dev/null 2>&1 &
  guard=$!
  wait "${pids[$1]}" || failed=1
  : >"$scratch/$1.pid"
  echo >&9
  wait "$guard"
  read_clock
  ((now < due[$1])) || end_all # those beside it are due too: one after the other would take long
  return "$failed"
}

# Sets words to what AWS said, and kind to what follows from it:
#   busy      it will pass: throttled, 5xx, no connection    gone      the thing asked about is not there
#   refused   this one thing, now                            hopeless  permissions, credentials, configuration
finish() { # slot
  await "$1" && return 0
  local line code=''
  words=''
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -z $line ]] || words="$words${words:+ }$line"
  done <"$scratch/$1.err"
  words=${words//$'\r'/}
  words=${words:-the aws command failed and said nothing}
  if [[ $words =~ $ERROR_CODE ]]; then
    code=${BASH_REMATCH[1]#Client.}
    words="An error occurred (${words#*An error occurred (}"
  fi
  case $code in
    '') kind=hopeless ;;
    *NotFound) kind=gone ;;
    *Throttl* | *LimitExceeded | TooManyRequests* | SlowDown | PriorRequestNotComplete) kind=busy ;;
    5[0-9][0-9] | 429 | InternalError | InternalFailure | *Unavailable* | RequestTimeout*) kind=busy ;;
    UnauthorizedOperation | AccessDenied* | *Expired* | *Token* | *Signature* | UnrecognizedClient* | \
      OptInRequired | Blocked | InvalidAction) kind=hopeless ;;
    *) kind=refused ;;
  esac
  case $code:$words in
    *"$HUNG"* | :*'Could not connect to the endpoint'* | :*[Tt]'imeout on endpoint'* | :*'onnection was closed'* | \
      :*'onnection reset'* | :*'onnection aborted'* | :*'ailed to connect to proxy'* | \
      :*'Unable to parse response'*) kind=busy ;;
    ValidationException:*'Could not find'*) kind=gone ;;
    AuthFailure:*credentials*) kind=hopeless ;; # otherwise it is about somebody else's interface
  esac
  return 1
}

call() { # arguments of the aws command line
  start 0 "$@"
  finish 0
}

whole_answer() { # arguments of the aws command line; tells whether it ends as it should
  local line last=''
  [[ ! -p $scratch/0.out ]] || return 0
  while IFS= read -r line; do last=$line; done <"$scratch/0.out"
  [[ -n $line || ${last##*$'\t'} != "$END" ]] || return 0
  kind=busy words="the answer to $1 $2 was cut off"
  return 1
}

call_until_answered() { # arguments of the aws command line; tries again until time is up
  local pause=1 said=''
  while :; do
    assume_role || return 1
    call "$@" && whole_answer "$@" && break
    time_left
    [[ $kind == busy ]] || return 1
    if ((left == 0)); then
      words="AWS did not answer before time was up after ${timeout}s: $words"
      return 1
    fi
    [[ $said == "$words" ]] || say "AWS is asked again until it answers: $words"
    said=$words
    nap $((pause + RANDOM % (pause + 1)))
    pause=$((pause < 16 ? 2 * pause : 30))
  done
  [[ -z $said ]] || say 'AWS answers again'
}

assume_role() { # now, and again before its hour is over
  [[ -n $role_arn ]] || return 0
  read_clock
  [[ -z $role_key_id ]] || ((now - role_since > RENEW_AFTER)) || return 0
  local arn=$role_arn role_arn='' # the call below is made without the role
  { set +x; } 2>/dev/null # a trace would print the credentials
  role_key_id=''
  set -- sts assume-role --role-arn "$arn" --role-session-name eni-cleanup
  [[ -z $external_id ]] || set -- "$@" "--external-id=$external_id" # it may begin with a hyphen
  # The answer stays in a pipe that both ends of are ours, and so never reaches a disk.
  rm -f "$scratch/0.out"
  pipe "$scratch/0.out" || return 1
  exec 3<>"$scratch/0.out"
  local failed=0 last=''
  call_until_answered "$@" --query "Credentials.[AccessKeyId,SecretAccessKey,SessionToken,'$END']" || failed=1
  ((failed)) || IFS=$'\t' read -r -t 5 role_key_id role_secret role_token last <&3
  exec 3>&-
  rm -f "$scratch/0.out"
  if ((failed)); then
    [[ $kind == busy ]] || kind=hopeless # never "gone": it is no word about the endpoint or an interface
    return 1
  fi
  role_since=$now
  if [[ $last != "$END" ]]; then
    role_key_id=''
    kind=hopeless words="the answer to sts assume-role for $arn holds no credentials"
    return 1
  fi
}

# ------------------------------------------------------------------------------------ what is in the group

ids=() # of the latest look
looks=0

# What is known of an interface is kept in variables named after it: bash 3.2 has no associative arrays.
# The ids have matched ENI_ID, so these names are safe.
put() { printf -v "eni_$2_${1#eni-}" %s "$3"; } # id, field, value
get() { # id, field
  local name="eni_$2_${1#eni-}"
  value=${!name-}
}

neighbour='' # another role's interface in the group: another endpoint may be using it
a_role=''    # that asked for one, where the endpoint's is not known

whose() { # sets whose to ours, shared, unsure or foreign, and why
  local who=${requester%%:*} instances='^(interface|efa|efa-only|branch|trunk)$'
  whose=foreign
  if [[ ! $type =~ $instances && $type != *[Ss]age[Mm]aker* ]]; then
    why="not the endpoint's: it is of the type $type, another service's"
  elif [[ $instance != - && $instance_owner == "$owner" ]]; then
    why="not the endpoint's: it is attached to an instance of the account's own"
  elif [[ $description == *[Ss]age[Mm]aker* && ($description == *[Nn]otebook* || $description == *Studio*) ]]; then
    why="not the endpoint's: it is of a SageMaker notebook or of Studio"
  elif [[ -n $execution_role && $who == "$execution_role" ]]; then
    if [[ $shared == false ]]; then
      whose=ours why="the endpoint's: its execution role asked for it"
    elif [[ $managed == true || $requester == *:SageMaker ]]; then
      whose=shared why="perhaps the endpoint's: its execution role asked for it, which other endpoints may use too"
    else
      why="not the endpoint's: it was made by hand, with the execution role"
    fi
  elif [[ $managed != true ]]; then
    why="not the endpoint's: $requester made it by hand"
  elif [[ $who =~ $PRINCIPAL && (-n $execution_role || $who != AROA*) ]]; then
    why="not the endpoint's: it was asked for by $who, which is not its execution role"
    neighbour=yes
  elif [[ $who =~ $PRINCIPAL ]]; then
    whose=unsure why="perhaps the endpoint's: whether $who is its execution role is not known"
    [[ -z $a_role || $a_role == "$who" ]] || neighbour=yes
    a_role=$who
  elif [[ ($requester == amazon-* || $requester == *.amazonaws.com*) && $requester != *[Ss]age[Mm]aker* ]]; then
    why="not the endpoint's: it was asked for by another service, $requester"
  elif [[ ${description#'["'} =~ $OTHER_SERVICE && $description != *[Ss]age[Mm]aker* ]]; then
    why="not the endpoint's: its description names another service"
  elif [[ $groups == *,* ]]; then
    why="not the endpoint's: it is in other groups too"
  else
    whose=unsure why="perhaps the endpoint's: AWS manages it, and $requester does not tell for whom"
  fi
}

look() { # filter
  local id status type managed requester owner groups attachment instance instance_owner on_termination \
    subnet names description before="${ids[*]-}" row why
  call_until_answered ec2 describe-network-interfaces --filters "$1" --page-size 1000 --query "$ROW" || return 1
  looks=$((looks + 1))
  ids=()
  read_clock
  while IFS=$'\t' read -r id status type managed requester owner groups attachment instance instance_owner \
    on_termination subnet names description; do
    [[ $id != "$END" ]] || continue
    if [[ ! $id =~ $ENI_ID || -z $description ]]; then
      words="the answer to ec2 describe-network-interfaces cannot be read: $id"
      return 1
    fi
    ids+=("$id")
    whose
    row="type $type, requester $requester (managed: $managed), owner $owner, groups $groups, attachment"
    row="$row $attachment, instance $instance of $instance_owner, delete on termination $on_termination,"
    row="$row subnet $subnet, description $description; $why"
    get "$id" status
    if [[ -z $value ]]; then
      put "$id" since "$now"
      say "$id found: $status, $row"
    elif [[ $value != "$status" ]]; then
      say "$id: $value -> $status"
    fi
    [[ $value == "$status" ]] || put "$id" status_since "$now"
    put "$id" status "$status"
    put "$id" whose "$whose"
    put "$id" groups "$groups"
    put "$id" names "$names"
    put "$id" attachment "$attachment"
    put "$id" on_termination "$on_termination"
    put "$id" row "$row"
    put "$id" look "$looks"
  done <"$scratch/0.out"
  for id in $before; do
    get "$id" look
    [[ $value == "$looks" ]] && continue
    get "$id" deleted
    [[ -n $value ]] || say "$id: gone"
    put "$id" status ''
  done
}

look_at_group() { look "Name=group-id,Values=$group"; }

# ------------------------------------------------------------------------------------ where it is looked for

right_account() { # everything is free where nothing is
  local found='' role="the environment's credentials are"
  [[ -n $account ]] || return 0
  call_until_answered sts get-caller-identity --query "[Account,'$END']" || return 1
  IFS=$'\t' read -r found _ <"$scratch/0.out"
  [[ $found != "$account" ]] || return 0
  [[ -z $profile ]] || role="the profile $profile is"
  [[ -z $role_arn ]] || role="the role $role_arn is"
  words="$role of the account $found, and Terraform works in $account: where the AWS provider assumes a role or uses"
  words="$words a profile, state the same as InterfaceCleanup(role_arn=..., external_id=..., profile=...)"
  return 1
}

group_made='' # for the endpoint, by EndpointNetwork: yes, no, or unknown where AWS does not tell

find_group() { # fails where there is none
  local found='' query="[SecurityGroups[].[to_string([Description])], [['$END']]][]"
  group_made=unknown
  if call_until_answered ec2 describe-security-groups --group-ids "$group" --query "$query"; then
    IFS= read -r found <"$scratch/0.out"
    if [[ $found == "[\"$GROUP_DESCRIPTION\"]" ]]; then group_made=yes; else group_made=no; fi
  elif [[ $kind == gone ]]; then
    words="there is no group $group${account:+ in the account $account} in $region"
    return 1
  else
    warn "whether $group was made for the endpoint cannot be told, so only what is proven its own is touched: $words"
  fi
}

# ------------------------------------------------------------------------------------ changes, side by side

changed=0 # how many have succeeded
stop=''   # why no more are to be started: busy or hopeless
stop_words='' busy_said=''

side_by_side() { # what to do, ids
  local what=$1 number=0 slot id
  local -a busy
  shift
  stop=''
  for id in "$@"; do
    slot=$((1 + number % parallel))
    number=$((number + 1))
    [[ -z ${busy[slot]-} ]] || "after_$what" "${busy[slot]}" "$slot"
    busy[slot]=''
    time_left
    if [[ -n $stop ]] || ((left == 0)); then break; fi
    busy[slot]=$id
    "$what" "$id" "$slot"
  done
  for ((slot = 1; slot <= parallel; slot++)); do
    [[ -z ${busy[slot]-} ]] || "after_$what" "${busy[slot]}" "$slot"
  done
}

delete() { start "$2" ec2 delete-network-interface --network-interface-id "$1"; }

after_delete() { # id, slot
  local pause
  if finish "$2" || [[ $kind == gone ]]; then
    get "$1" deleted
    if [[ -z $value ]]; then
      changed=$((changed + 1))
      say "$1: deleted"
    fi
    put "$1" deleted yes
    return
  fi
  case $kind in
    refused) # a lagging status, or an interface that AWS keeps to itself: try again, ever less often
      get "$1" pause
      pause=${value:-$interval}
      read_clock
      put "$1" pause $((pause < 120 ? 2 * pause : 240))
      put "$1" not_before $((now + pause))
      get "$1" refusal
      [[ $value == "$words" ]] || say "$1: not deleted, to be tried again: $words"
      put "$1" refusal "$words" ;;
    *) stopped ;;
  esac
}

detach() {
  put "$1" detached yes
  get "$1" attachment
  start "$2" ec2 detach-network-interface --force --attachment-id "$value"
}

after_detach() { # id, slot; a refusal is no failure: AWS may still let go of it by itself
  if finish "$2"; then
    say "$1: detached by force"
  elif [[ $kind == busy ]]; then
    put "$1" detached ''
    stopped
  elif [[ $kind != gone ]]; then
    warn "$1 could not be detached: $words"
  fi
}

mark_one() {
  get "$1" attachment
  start "$2" ec2 modify-network-interface-attribute --network-interface-id "$1" \
    --attachment "AttachmentId=$value,DeleteOnTermination=true"
}

after_mark_one() { # id, slot
  if finish "$2"; then
    changed=$((changed + 1))
    put "$1" on_termination true
    get "$1" attachment
    say "$1: marked, will be deleted along with $value"
  elif [[ $kind == busy || $kind == hopeless ]]; then
    stopped
  else
    put "$1" refusal "$words" # not to be tried again
    if [[ $kind == gone ]]; then say "$1: gone before it was marked"; else warn "$1 could not be marked: $words"; fi
  fi
}

stopped() { # the hopeless ends it, the busy is waited for
  [[ $stop != hopeless && $stop != "$kind" ]] || return 0
  stop=$kind
  stop_words=$words
  [[ $kind == busy && $busy_said != "$words" ]] || return 0
  say "AWS is busy, the rest follows: $words"
  busy_said=$words
}

# ----------------------------------------------------------------------------------------------------- mark

unmarked() { # why
  warn "not every network interface of $endpoint could be marked: $1"
  warn "those that stay behind are for 'release' to delete; nothing else depends on the mark"
  exit 0
}

# An update that SageMaker rolls back ends in service, with what was live before. Terraform would take that for success,
# and delete what is live, where the AWS provider does not read back which configuration that is.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
require_live() { # ends it all when AWS says that another configuration is live; warns where that cannot be told
  local live='' status='' reason='' said='' query="[EndpointConfigName,EndpointStatus,to_string([FailureReason]),'$END']"
  [[ -n $configuration ]] || return 0
  while :; do
    if ! call_until_answered sagemaker describe-endpoint --endpoint-name "$endpoint" --query "$query"; then
      warn "whether the endpoint $endpoint serves $configuration cannot be told: $words"
      return
    fi
    IFS=$'\t' read -r live status reason _ <"$scratch/0.out"
    time_left
    case $status in
      Creating | Updating | RollingBack) ((left > 0)) || break ;;
      *) break ;; # SystemUpdating too, which changes nothing that the configuration says
    esac
    [[ $said == "$status" ]] || say "the endpoint $endpoint is $status, which is waited for, for at most ${left}s"
    said=$status
    nap "$interval"
  done
  case $status:$live in
    None:* | *:None)
      warn "whether the endpoint $endpoint serves $configuration cannot be told: AWS's answer does not say"
      return ;;
    Failed:* | RollingBack:* | UpdateRollbackFailed:*) ;;
    Creating:"$configuration" | Updating:"$configuration")
      warn "time is up after ${timeout}s: the endpoint $endpoint is still $status, and may yet be rolled back"
      return ;;
    *:"$configuration") return ;;
  esac
  say "ERROR: the endpoint $endpoint does not serve $configuration: it is $status, and $live is live"
  reason=${reason#'["'} reason=${reason%'"]'}
  [[ $reason != '[null]' ]] || reason='none is given'
  say "AWS's reason: $reason"
  if [[ $status == Failed ]]; then
    say "mend that, delete the endpoint, which can only be deleted now, and apply again:"
    say "  aws sagemaker delete-endpoint --region $region --endpoint-name $endpoint"
  else
    say "mend that, deploy it once more and apply again when it is InService; or apply other inputs, or those of before:"
    # Without the last option the endpoint would lose its deployment configuration, and Terraform then replace it.
    say "  aws sagemaker update-endpoint --region $region --endpoint-name $endpoint --endpoint-config-name $configuration\
 --retain-deployment-config"
  fi
  exit 6
}

choose_to_mark() { # sets todo
  local id
  todo=()
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    [[ $value == ours ]] || continue
    get "$id" attachment
    [[ $value =~ $ENI_ATTACHMENT_ID ]] || continue
    get "$id" refusal
    [[ -z $value ]] || continue
    get "$id" on_termination
    [[ $value == true ]] || todo+=("$id")
  done
}

report_unmarkable() {
  local id
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    [[ $value == ours ]] || continue
    get "$id" on_termination
    if [[ $value == true ]]; then
      say "$id: marked already"
      continue
    fi
    get "$id" attachment
    if [[ $value == - ]]; then
      say "$id: not attached, so there is nothing to mark"
    elif [[ ! $value =~ $ENI_ATTACHMENT_ID ]]; then
      warn "$id could not be marked: AWS lets nobody else manage its attachment, $value"
    fi
  done
}

# What stands in a group that was made for this endpoint, for its role, but not in the group of now: an update has
# moved the endpoint out of there. Terraform deletes that group meanwhile, and tries for as long as something stands in it.
choose_former() { # sets pending, and of these deletable
  local id
  pending=() deletable=()
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    [[ $value == ours ]] || continue
    get "$id" groups
    [[ $value != "$group" && $value != *,* ]] || continue
    get "$id" names
    [[ $value == "$prefix"* ]] || continue
    pending+=("$id")
    get "$id" status
    [[ $value == available ]] || continue
    get "$id" not_before
    ((${value:-0} > now)) || deletable+=("$id")
  done
}

release_former_groups() {
  local waiting_for='' before=$changed
  local -a pending deletable
  [[ -n $execution_role && -n $prefix && $shared == false ]] || return 0
  ids=()
  while :; do
    if ! assume_role || ! look "Name=requester-id,Values=$execution_role:*"; then
      warn "whether something is left in former groups of $endpoint cannot be told: $words"
      return
    fi
    choose_former
    ((${#pending[@]} > 0)) || break
    ((${#deletable[@]} == 0)) || side_by_side delete "${deletable[@]}"
    if [[ $stop == hopeless ]]; then
      warn "what is left in former groups of $endpoint could not be deleted: $stop_words"
      return
    fi
    time_left
    if ((left == 0)); then
      left_over || break
      warn "time is up after ${timeout}s: AWS has not let go of what is left in former groups of $endpoint:"
      list "${pending[@]}"
      return
    fi
    report_waiting
    nap "$interval"
  done
  ((changed == before)) || say "network interfaces deleted in former groups of $endpoint: $((changed - before))"
}

mark() {
  local pause=1 whole_timeout=$timeout
  local -a todo
  timeout=$((timeout < MARK_TIMEOUT ? timeout : MARK_TIMEOUT))
  if ! prepare || ! assume_role || ! right_account; then unmarked "$words"; fi
  require_live
  look_at_group || unmarked "$words"
  report_unmarkable
  choose_to_mark
  while ((${#todo[@]} > 0)); do
    assume_role || unmarked "$words"
    side_by_side mark_one "${todo[@]}"
    [[ $stop != hopeless ]] || unmarked "$stop_words"
    choose_to_mark
    ((${#todo[@]} > 0)) || break
    time_left
    ((left > 0)) || unmarked "time is up${stop_words:+; $stop_words}"
    nap $((pause + RANDOM % (pause + 1)))
    pause=$((pause < 16 ? 2 * pause : 30))
  done
  if ((${#ids[@]} == 0)); then
    if find_group; then
      warn "$group holds no network interface: there is nothing to mark for $endpoint"
    else
      warn "$words: nothing is marked for $endpoint"
    fi
  fi
  say "done: network interfaces in $group: ${#ids[@]}; marked now: $changed"
  timeout=$whole_timeout
  release_former_groups
}

# -------------------------------------------------------------------------------------------------- release

fail() { # AWS's words
  say "ERROR: $1"
  say "$group is not known to be free; deleted so far: $changed; mend that and destroy again"
  exit 3
}

endpoint_state='' gone_since=0 # the latter where the endpoint was seen before

ask_endpoint() { # sets endpoint_state to gone, deleting or unknown; ends it all when the endpoint is alive
  local status='' before=$endpoint_state
  endpoint_state=unknown
  if call_until_answered sagemaker describe-endpoint --endpoint-name "$endpoint" \
    --query "[EndpointStatus,'$END']"; then
    read -r status _ <"$scratch/0.out"
    case $status in
      Deleting) endpoint_state=deleting ;;
      None) ;; # an answer that holds no status
      [A-Z]*)
        warn "the endpoint $endpoint is alive ($status): its network interfaces are in use and left alone"
        exit 0 ;;
    esac
    words="it answered '$status'"
  elif [[ $kind == gone ]]; then
    endpoint_state=gone
  elif [[ $kind == busy || ($kind == hopeless && $words != *'(AccessDenied'*) ]]; then
    fail "$words"
  fi
  [[ $endpoint_state != "$before" ]] || return 0
  case $endpoint_state in
    gone)
      [[ -z $before ]] || gone_since=$now
      say "the endpoint $endpoint is gone" ;;
    deleting) say "the endpoint $endpoint is being deleted, which is waited for" ;;
    unknown) warn "whether the endpoint $endpoint is gone cannot be told, so nothing is detached by force: $words" ;;
  esac
}

sort_out() { # sets kept: not ours to touch; pending: the rest; of these, deletable and overdue
  local id quiet=$((detach_after < QUIET ? detach_after : QUIET))
  read_clock
  kept=() pending=() deletable=() overdue=()
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    local whose=$value
    if [[ $whose == foreign ]]; then
      kept+=("$id")
      continue
    elif [[ $whose != ours && ($group_made != yes || -n $neighbour || $endpoint_state == unknown) ]]; then
      kept+=("$id")
      continue
    fi
    pending+=("$id")
    get "$id" status
    if [[ $value == available ]]; then
      get "$id" not_before
      ((${value:-0} <= now)) || continue
      get "$id" status_since
      if [[ $whose != ours || $endpoint_state == unknown ]]; then
        [[ $endpoint_state != deleting ]] || continue
        ((now - (value > gone_since ? value : gone_since) >= quiet)) || continue
      fi
      deletable+=("$id")
      continue
    fi
    get "$id" since
    [[ $whose == ours && $endpoint_state != deleting ]] || continue
    ((now - (value > gone_since ? value : gone_since) >= detach_after)) || continue
    get "$id" attachment
    [[ $value =~ $ENI_ATTACHMENT_ID ]] || continue
    get "$id" detached
    [[ -n $value ]] || overdue+=("$id")
  done
}

report_waiting() {
  local id still='' count=0
  for id in ${pending[@]+"${pending[@]}"}; do
    get "$id" deleted
    [[ -z $value ]] || continue
    count=$((count + 1))
    get "$id" status
    still="$still $id $value"
  done
  [[ $still == "$waiting_for" ]] || ((count == 0)) || say "waiting for AWS to let go of $count, for at most ${left}s"
  waiting_for=$still
}

left_over() { # is the endpoint there, or an interface that is pending and has not been deleted?
  local id
  [[ $endpoint_state != deleting ]] || return 0
  for id in ${pending[@]+"${pending[@]}"}; do
    get "$id" deleted
    [[ -n $value ]] || return 0
  done
  return 1
}

list() { # ids
  local id
  for id in "$@"; do
    get "$id" deleted
    [[ -z $value ]] || continue
    get "$id" status
    local status=$value
    get "$id" row
    say "  $id: $status, $value"
  done
}

conclude() { # nothing of ours is left
  if ((${#kept[@]} == 0)); then
    read_clock
    say "$group is free after ${now}s; network interfaces deleted: $changed"
    exit 0
  fi
  say "ERROR: $group is held by network interfaces that are not, or perhaps not, the endpoint's:"
  list "${kept[@]}"
  say "they were not touched; take them out of the group, or delete them if they are yours, and destroy again"
  exit 5
}

give_up() {
  if [[ $endpoint_state == deleting ]]; then
    say "ERROR: time is up after ${timeout}s: the endpoint $endpoint is still being deleted"
  fi
  if ((${#pending[@]} > 0)); then
    say "ERROR: time is up after ${timeout}s: $group still has network interfaces; deleted: $changed; left:"
    list "${pending[@]}"
  fi
  if ((${#kept[@]} > 0)); then
    say "and these, which are not, or perhaps not, the endpoint's, and were not touched:"
    list "${kept[@]}"
  fi
  say 'run the destroy again: it goes on from here; if AWS keeps one for hours, ask AWS Support to release it'
  exit 4
}

release() {
  local settled=0 pause=1 waiting_for=''
  local -a kept=() pending deletable overdue
  prepare || fail "$words"
  assume_role || fail "$words"
  right_account || fail "$words"
  while :; do
    assume_role || fail "$words"
    # The AWS provider does not wait for the end of the endpoint: while it is deleted, interfaces may still come.
    case $endpoint_state in '' | deleting) ask_endpoint ;; esac
    if [[ -z $group_made ]] && ! find_group; then
      [[ -n $account ]] || fail "$words: are these credentials of the account that Terraform works in?"
      warn "$words: somebody else has deleted it"
      conclude
    fi
    look_at_group || fail "$words"
    stop=''
    sort_out
    ((${#deletable[@]} == 0)) || side_by_side delete "${deletable[@]}"
    if ((${#overdue[@]} > 0)) && [[ -z $stop ]]; then
      # If it is gone only now, they are given their time from now on.
      if [[ $endpoint_state == gone ]]; then side_by_side detach "${overdue[@]}"; else ask_endpoint; fi
    fi
    [[ $stop != hopeless ]] || fail "$stop_words"

    if ((${#pending[@]} > 0)) || [[ $endpoint_state == deleting ]]; then settled=-1; fi
    settled=$((settled + 1))
    ((settled < settle)) || conclude
    time_left
    if ((left == 0)); then
      left_over || conclude
      give_up
    fi
    report_waiting
    if [[ $stop == busy ]]; then
      nap $((pause + RANDOM % (pause + 1)))
      pause=$((pause < 32 ? 2 * pause : 60))
    else
      pause=1
      nap "$interval"
    fi
  done
}

# -------------------------------------------------------------------------------------------------- command

main() {
  case $#:${1-} in
    1:mark | 1:release) ;;
    1:--help | 1:-h)
      printf '%s' "$HELP"
      exit 0 ;;
    *)
      refuse 'the command line' "$*" 'give one word: mark, release or --help'
      exit 2 ;;
  esac
  [[ $1 == release ]] || severity=WARNING
  start_clock
  read_inputs "$1"
  trap clean EXIT
  trap 'interrupted 129 SIGHUP' HUP
  trap 'interrupted 130 SIGINT' INT
  trap 'interrupted 143 SIGTERM' TERM
  "$1"
}

main "$@"
