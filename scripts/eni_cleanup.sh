#!/usr/bin/env bash
# Sees to it that the network interfaces of a SageMaker endpoint do not outlive it: see --help.
# Runs on bash 3.2, macOS's own: no associative arrays, no mapfile, no `wait -n`.

set -uf +eCkv # an exported SHELLOPTS may have set the latter
LC_ALL=C # the ranges in the patterns below mean ASCII
SECONDS=0

IFS= read -r -d '' HELP <<'HELP'
Usage: eni_cleanup.sh mark | release | --help

Frees a security group from the network interfaces that SageMaker has put into it for an endpoint.
SageMaker often leaves them behind, and a group with an interface in it cannot be deleted.

  mark      After the endpoint is created or updated: asks AWS to delete each of its interfaces along with
            what it is attached to (DeleteOnTermination). It never fails an apply, neither for a wrong input
            nor for what AWS answers: it warns.
  release   After the endpoint is deleted, before the security group is: waits for the endpoint's end and
            for AWS to let go of the interfaces, deletes those left over, and returns when the group is free.
            It changes nothing while the endpoint is alive. To run it again does no harm: it goes on from
            what it finds.

Never touched: interfaces of your own EC2 instances, of services other than SageMaker, and of SageMaker's
notebooks and Studio. One that does not name SageMaker and is either managed by an AWS service or also in
another group may be somebody else's: it is neither deleted nor detached.

Needs bash 3.2 or newer and the aws command line, version 1 or 2. Everything is set by environment:

  variable                        default  meaning
  ENI_CLEANUP_SECURITY_GROUP_ID  required  the group to free: sg- and 8 or 17 hexadecimal digits
  ENI_CLEANUP_REGION             required  its region, such as eu-west-1 or us-gov-west-1
  ENI_CLEANUP_ENDPOINT_NAME      required  the endpoint: 1-63 letters, digits and inner hyphens
  ENI_CLEANUP_ROLE_ARN               none  an IAM role to assume for all calls (renewed while it waits)
  ENI_CLEANUP_EXTERNAL_ID            none  the external id that role asks for: 2-1224 of A-Z a-z 0-9 _+=,.@:/-
  ENI_CLEANUP_PROFILE                none  a profile of the aws command line
  ENI_CLEANUP_ENDPOINT_URL           none  http(s) URL to call instead of AWS's own, for every service
  ENI_CLEANUP_TIMEOUT        1800 release  seconds until it gives up: 1-86400. Calls that hang even then
                                 120 mark  are ended after ten more, those that ignore SIGTERM after twenty
  ENI_CLEANUP_INTERVAL                 15  seconds between two looks at the group: 1-300
  ENI_CLEANUP_DETACH_AFTER            300  seconds to wait for AWS before an interface of the deleted
                                           endpoint is detached by force, once: 0-86400
  ENI_CLEANUP_SETTLE                    2  looks in a row that must find the group free: 1-20
  ENI_CLEANUP_PARALLEL                  8  calls that change something, side by side: 1-32

An empty ROLE_ARN, EXTERNAL_ID, PROFILE or ENDPOINT_URL is the same as none. Credentials are found the
way the aws command line finds them; none is printed or stored.

Exit codes, and what they ask of you:
  0    The group is free; or, with a warning, the endpoint is alive and nothing was touched. After mark:
       done, or a warning says what was not. Nothing to do.
  2    An input is wrong, or there is no such input. The message names it and its value: correct it. After
       mark it is a warning and the code is 0; an input that there is not keeps nothing from being marked.
  3    No aws command, no credentials, no permission, or AWS does not answer. AWS's own words are
       printed: mend that, then destroy again.
  4    Time is up, and interfaces are left: each is named. Destroy again: it goes on from here. If AWS
       keeps one for hours, ask AWS Support to release it.
  5    Only interfaces that are not the endpoint's hold the group: each is described. Take them out of
       the group, then destroy again.
  129, 130, 143  Interrupted by SIGHUP, SIGINT or SIGTERM, when run by hand: run it again, it goes on from
       here. Terraform, when interrupted, kills it and reports 'signal: killed': destroy again.

IAM actions the operator needs:
  ec2:DescribeNetworkInterfaces           mark, release
  ec2:ModifyNetworkInterfaceAttribute     mark
  ec2:DeleteNetworkInterface              release
  ec2:DetachNetworkInterface              release; without it, interfaces that AWS does not let go of stay
  sagemaker:DescribeEndpoint              release; without it, the end of the endpoint is not waited for, and
                                          nothing is detached by force
  sts:AssumeRole                          where ENI_CLEANUP_ROLE_ARN is given
HELP

ENI_ID='^eni-[0-9a-f]{8,17}$'
ENI_ATTACHMENT_ID='^eni-attach-[0-9a-f]{8,17}$' # not ela-attach-*, which AWS lets nobody manage
ERROR_CODE='An error occurred \(([^)]+)\)'
HUNG='the aws command hung and was ended'
GRACE=10         # seconds that a call may go on when time is up: its own time-outs come first and say more
PATIENCE=5       # seconds that it has to heed SIGTERM then
RENEW_AFTER=2700 # seconds; the credentials of an assumed role last an hour

# One row to an interface. Nothing in it can be empty or hold a tab or a line end: the free text is JSON.
ROW="NetworkInterfaces[].[NetworkInterfaceId, Status || '-', InterfaceType || '-',
  to_string(RequesterManaged), RequesterId || '-', OwnerId || '-', to_string(length(Groups)),
  Attachment.AttachmentId || '-', Attachment.InstanceId || '-', Attachment.InstanceOwnerId || '-',
  to_string(Attachment.DeleteOnTermination), SubnetId || '-', to_string([Description])]"

say() { printf 'eni_cleanup: [%4ds] %s\n' "$SECONDS" "$*" >&2; }
warn() { say "WARNING: $*"; }

# ---------------------------------------------------------------------------------------------- inputs

wrong=0 severity=ERROR
refuse() { # variable, value, what is allowed
  say "$severity: $1 is '${2//[[:cntrl:]]/?}': $3"
  wrong=1
}

matching() { # variable, pattern, what is allowed
  local value=${!1-}
  [[ $value =~ $2 ]] || refuse "$1" "$value" "$3"
}

matching_if_given() { [[ -z ${!1-} ]] || matching "$@"; }

whole_number() { # variable, default, least, most
  local value=${!1-$2} pattern='^(0|[1-9][0-9]{0,6})$'
  if [[ $value =~ $pattern ]] && ((value >= $3 && value <= $4)); then
    number=$value
  else
    refuse "$1" "$value" "give a whole number from $3 to $4"
  fi
}

read_inputs() { # mode, default time-out
  local name known
  known=' SECURITY_GROUP_ID REGION ENDPOINT_NAME ROLE_ARN EXTERNAL_ID PROFILE ENDPOINT_URL'
  known="$known TIMEOUT INTERVAL DETACH_AFTER SETTLE PARALLEL "
  for name in ${!ENI_CLEANUP_*}; do
    [[ $known == *" ${name#ENI_CLEANUP_} "* ]] || refuse "$name" "${!name}" "no such input; see --help"
  done
  [[ $1 == release ]] || wrong=0 # a stray variable is no reason to leave interfaces unmarked

  matching ENI_CLEANUP_SECURITY_GROUP_ID '^sg-([0-9a-f]{8}|[0-9a-f]{17})$' \
    "give a security group's id: sg- and 8 or 17 hexadecimal digits"
  matching ENI_CLEANUP_REGION '^[a-z]{2,5}(-[a-z]{2,15}){1,3}-[0-9]{1,2}$' "give a region such as eu-west-1"
  matching ENI_CLEANUP_ENDPOINT_NAME '^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$' \
    "give the endpoint's name: 1 to 63 letters, digits and inner hyphens"
  matching_if_given ENI_CLEANUP_ROLE_ARN \
    '^arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}$' \
    "give a role's ARN: arn:aws:iam::<account>:role/<name>"
  matching_if_given ENI_CLEANUP_PROFILE '^[^-[:cntrl:]][^[:cntrl:]]*$' "give the name of a profile"
  matching_if_given ENI_CLEANUP_ENDPOINT_URL \
    '^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$' \
    "give an http or https URL without user name, query or fragment"

  group=${ENI_CLEANUP_SECURITY_GROUP_ID-} region=${ENI_CLEANUP_REGION-} endpoint=${ENI_CLEANUP_ENDPOINT_NAME-}
  role_arn=${ENI_CLEANUP_ROLE_ARN-} external_id=${ENI_CLEANUP_EXTERNAL_ID-}
  profile=${ENI_CLEANUP_PROFILE-} endpoint_url=${ENI_CLEANUP_ENDPOINT_URL-}

  matching_if_given ENI_CLEANUP_EXTERNAL_ID '^[A-Za-z0-9_+=,.@:/-]+$' "give 2 to 1224 of A-Z a-z 0-9 _+=,.@:/-"
  case $external_id in
    '') ;;
    ? | file://* | fileb://* | http://* | https://*) # the aws command line would read that file or page
      refuse ENI_CLEANUP_EXTERNAL_ID "$external_id" "give 2 to 1224 characters that are no URL" ;;
    *)
      ((${#external_id} <= 1224)) || refuse ENI_CLEANUP_EXTERNAL_ID "$external_id" "give at most 1224 characters"
      [[ -n $role_arn ]] || refuse ENI_CLEANUP_EXTERNAL_ID "$external_id" \
        "it is of no use without ENI_CLEANUP_ROLE_ARN; give both or neither" ;;
  esac

  number=0
  whole_number ENI_CLEANUP_TIMEOUT "$2" 1 86400 && timeout=$number
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
  pipe "$scratch/guard" || return 1
  exec 9<>"$scratch/guard"
  exec 8<"$scratch/guard"
  [[ -n ${AWS_PROFILE-} ]] || unset AWS_PROFILE # the aws command line looks for a profile named ''
  export AWS_REGION=$region AWS_DEFAULT_REGION=$region # version 1 does not know AWS_REGION
  export AWS_MAX_ATTEMPTS=1                            # trying again is done here, inside the deadline
  export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
  # https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-error-format.html
  export AWS_CLI_ERROR_FORMAT=legacy
}

end_all() { # that still runs: as bash's table of jobs has it, a process id may be another's by now
  local job signal since
  for job in $(jobs -rp); do
    [[ -z ${slots[job]-} ]] || printf '%s\n' "$HUNG" >>"$scratch/${slots[job]}.err"
  done
  for signal in TERM KILL; do
    for job in $(jobs -rp); do kill "-$signal" "$job"; done
    since=$SECONDS
    while [[ -n $(jobs -rp) ]] && ((SECONDS - since < PATIENCE)); do sleep 0.1; done
  done
} 2>/dev/null # bash announces each process that a signal has ended

clean() {
  trap '' HUP INT TERM # a second signal would keep it from removing what is there
  exec 2>/dev/null
  end_all
  [[ -z $scratch ]] || rm -rf "$scratch"
}

interrupted() { # exit code, signal
  trap '' HUP INT TERM
  say "interrupted by $2; run it again to go on from here"
  exit "$1"
}

time_left() { left=$((timeout > SECONDS ? timeout - SECONDS : 0)); }

nap() { # seconds; bash answers a signal at once only while it is in wait, so everything runs behind it
  time_left
  sleep "$(($1 < left ? $1 : left))" >/dev/null 2>&1 &
  wait $!
}

# --------------------------------------------------------------------------------- the aws command line

role_key_id='' role_secret='' role_token='' role_since=0

start() { # slot, arguments of the aws command line
  local slot=$1 connect=10 answer=60
  shift
  time_left
  due[slot]=$((SECONDS + left + GRACE))
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
    exec aws --region "$region" --output text --cli-connect-timeout $((connect < left ? connect : left)) \
      --cli-read-timeout $((answer < left ? answer : left)) "$@"
  ) </dev/null >"$scratch/$slot.out" 2>"$scratch/$slot.err" 8<&- 9>&- &
  pids[slot]=$!
  slots[$!]=$slot
}

# The time-outs of the aws command are for HTTP alone: a credential_process may hang, or a prompt on the terminal.
# So each call is waited for with a guard beside it, which ends it when it is due. A line on 9 ends the guard.
# It only reads: when this script is killed no writer is left, so its reads end, and with them the call, at once.
await() { # slot
  local guard failed=0 limit=$((due[$1] - SECONDS))
  (
    exec 9>&-
    read -r -t $((limit > 0 ? limit : 1)) && exit
    printf '%s\n' "$HUNG" >>"$scratch/$1.err"
    kill -TERM "${pids[$1]}"
    read -r -t "$PATIENCE" && exit
    kill -KILL "${pids[$1]}"
    read -r -t 60
  ) <&8 >/dev/null 2>&1 &
  guard=$!
  wait "${pids[$1]}" 2>/dev/null || failed=1
  echo >&9
  wait "$guard"
  ((SECONDS < due[$1])) || end_all # those beside it are due too: one after the other would take long
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
  words=${words//[[:cntrl:]]/ }
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

call_until_answered() { # arguments of the aws command line; tries again until time is up
  local pause=1 said=''
  while :; do
    assume_role || return 1
    call "$@" && break
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
  [[ -z $role_key_id ]] || ((SECONDS - role_since > RENEW_AFTER)) || return 0
  local arn=$role_arn role_arn='' # the call below is made without the role
  { set +x; } 2>/dev/null # a trace would print the credentials
  role_key_id=''
  set -- sts assume-role --role-arn "$arn" --role-session-name eni-cleanup
  [[ -z $external_id ]] || set -- "$@" "--external-id=$external_id" # it may begin with a hyphen
  # The answer stays in a pipe that both ends of are ours, and so never reaches a disk.
  rm -f "$scratch/0.out"
  pipe "$scratch/0.out" || return 1
  exec 3<>"$scratch/0.out"
  local failed=0
  call_until_answered "$@" --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' || failed=1
  ((failed)) || IFS=$'\t' read -r -t 5 role_key_id role_secret role_token <&3
  exec 3>&-
  rm -f "$scratch/0.out"
  if ((failed)); then
    [[ $kind == busy ]] || kind=hopeless # never "gone": it is no word about the endpoint or an interface
    return 1
  fi
  role_since=$SECONDS
  if [[ -z $role_token ]]; then
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

whose() { # sets whose to ours, unsure or foreign
  local traits="$requester $description" instances='^(interface|efa|efa-only|branch|trunk)$'
  whose=ours
  if [[ ! $type =~ $instances && $type != *[Ss]age[Mm]aker* ]]; then
    whose=foreign # whatever it says: a Lambda function's own name stands in its traits
  elif [[ $instance != - && $instance_owner == "$owner" ]]; then
    whose=foreign
  elif [[ $traits == *[Ss]age[Mm]aker* ]]; then
    whose=ours
    [[ $description != *[Nn]otebook* && $description != *Studio* ]] || whose=foreign # SageMaker's, no endpoint's
  elif [[ $requester == amazon-* || ($type != interface && $type != *[Ss]age[Mm]aker*) ]]; then
    whose=foreign
  elif [[ $managed == true || $groups != 1 ]]; then
    whose=unsure
  fi
}

look() {
  local id status type managed requester owner groups attachment instance instance_owner on_termination \
    subnet description before="${ids[*]-}" row
  call_until_answered ec2 describe-network-interfaces --filters "Name=group-id,Values=$group" \
    --page-size 1000 --query "$ROW" || return 1
  looks=$((looks + 1))
  ids=()
  while IFS=$'\t' read -r id status type managed requester owner groups attachment instance instance_owner \
    on_termination subnet description; do
    [[ -n $id ]] || continue
    if [[ ! $id =~ $ENI_ID || -z $description ]]; then
      words="the answer to ec2 describe-network-interfaces cannot be read: ${id//[[:cntrl:]]/?}"
      return 1
    fi
    ids+=("$id")
    whose
    row="type $type, requester $requester (managed: $managed), owner $owner, groups $groups, attachment"
    row="$row $attachment, instance $instance of $instance_owner, delete on termination $on_termination,"
    row="$row subnet $subnet, description $description"
    get "$id" status
    if [[ -z $value ]]; then
      put "$id" since "$SECONDS"
      case $whose in
        ours) say "$id found: $status, $row" ;;
        unsure) say "$id found, perhaps not the endpoint's: $status, $row" ;;
        foreign) say "$id found, not the endpoint's: $status, $row" ;;
      esac
    elif [[ $value != "$status" ]]; then
      say "$id: $value -> $status"
    fi
    put "$id" status "$status"
    put "$id" whose "$whose"
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
      put "$1" pause $((pause < 120 ? 2 * pause : 240))
      put "$1" not_before $((SECONDS + pause))
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
  warn "not every network interface of ${endpoint//[[:cntrl:]]/?} could be marked: $1"
  warn "those that stay behind are for 'release' to delete; nothing else depends on the mark"
  exit 0
}

choose_to_mark() { # sets todo
  local id
  todo=()
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    [[ $value != foreign ]] || continue
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
    [[ $value != foreign ]] || continue
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

mark() {
  local pause=1
  local -a todo
  if ! prepare || ! look; then unmarked "$words"; fi
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
  ((${#ids[@]} > 0)) || warn "$group holds no network interface: there is nothing to mark for $endpoint"
  say "done: network interfaces in $group: ${#ids[@]}; marked now: $changed"
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
  if call_until_answered sagemaker describe-endpoint --endpoint-name "$endpoint" --query EndpointStatus; then
    read -r status <"$scratch/0.out"
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
      [[ -z $before ]] || gone_since=$SECONDS
      say "the endpoint $endpoint is gone" ;;
    deleting) say "the endpoint $endpoint is being deleted, which is waited for" ;;
    unknown) warn "whether the endpoint $endpoint is gone cannot be told, so nothing is detached by force: $words" ;;
  esac
}

sort_out() { # sets kept: not ours to touch; pending: the rest; of these, deletable and overdue
  local id
  kept=() pending=() deletable=() overdue=()
  for id in ${ids[@]+"${ids[@]}"}; do
    get "$id" whose
    local whose=$value
    get "$id" status
    case $whose:$value in
      foreign:* | unsure:available)
        kept+=("$id") ;;
      ours:available)
        pending+=("$id")
        get "$id" not_before
        ((${value:-0} > SECONDS)) || deletable+=("$id") ;;
      *)
        pending+=("$id")
        get "$id" since
        [[ $whose == ours && $endpoint_state != deleting ]] || continue
        ((SECONDS - (value > gone_since ? value : gone_since) >= detach_after)) || continue
        get "$id" attachment
        [[ $value =~ $ENI_ATTACHMENT_ID ]] || continue
        get "$id" detached
        [[ -n $value ]] || overdue+=("$id") ;;
    esac
  done
}

report_waiting() {
  local id now='' count=0
  for id in ${pending[@]+"${pending[@]}"}; do
    get "$id" deleted
    [[ -z $value ]] || continue
    count=$((count + 1))
    get "$id" status
    now="$now $id $value"
  done
  [[ $now == "$waiting_for" ]] || ((count == 0)) || say "waiting for AWS to let go of $count, for at most ${left}s"
  waiting_for=$now
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
    say "$group is free after ${SECONDS}s; network interfaces deleted: $changed"
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
  local -a kept pending deletable overdue
  prepare || fail "$words"
  while :; do
    assume_role || fail "$words"
    # The AWS provider does not wait for the end of the endpoint: while it is deleted, interfaces may still come.
    case $endpoint_state in '' | deleting) ask_endpoint ;; esac
    look || fail "$words"
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
  local default_timeout=1800
  [[ $1 == release ]] || default_timeout=120 severity=WARNING
  read_inputs "$1" "$default_timeout"
  trap clean EXIT
  trap 'interrupted 129 SIGHUP' HUP
  trap 'interrupted 130 SIGINT' INT
  trap 'interrupted 143 SIGTERM' TERM
  "$1"
}

main "$@"
