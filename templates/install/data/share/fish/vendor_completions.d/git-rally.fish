# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_git_rally_global_optspecs
    string join \n format= color= h help V/version
end

function __fish_git_rally_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_git_rally_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_git_rally_using_subcommand
    set -l cmd (__fish_git_rally_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c git-rally -n "__fish_git_rally_needs_command" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_needs_command" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_needs_command" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_needs_command" -s V -l version -d 'Print version'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "detect" -d 'Print which service a repository is, and the evidence'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "diff" -d 'Show the whole change; write nothing'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "commit" -d 'Make the change: one commit on a new branch'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "patch" -d 'Write the change as a mail for `git am`; write nothing to the repository'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "review" -d 'Make the change and print the remaining steps to upload it; upload only with --push'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "check" -d 'Check the Rally jobs and the Zuul configuration of a repository; write nothing'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "compare" -d 'Compare two sets of Rally results: what got slower, by how much, and how sure that is'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "trend" -d 'Judge a series of Rally results: where it changed, by how much, since which run'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "services" -d 'List the services, or print one of them'
complete -c git-rally -n "__fish_git_rally_needs_command" -f -a "demo" -d 'Create a sample repository in a new folder and commit the change there'
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l service -d 'Treat it as this service, whatever its files say' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l base -d 'The commit to start from [default: the branch of gerrit or origin, else HEAD]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand detect" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l service -d 'Treat it as this service, whatever its files say' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l base -d 'The commit to start from [default: the branch of gerrit or origin, else HEAD]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l branch -d 'The branch to create' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l change-id -d 'The Change-Id [default: that of the branch, else by the formula of Gerrit\'s hook]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l times -d 'Iterations of every workload' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l concurrency -d 'Iterations that run at the same time' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l limits-from -d 'Set the limits by what these results of earlier runs measured: a file or a folder; you can repeat this option' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l task -d 'The task that --extend adds to [default: the one that a job here runs]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l keep -d 'In an update, leave this file as it is; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l job -d 'Use another name for the job; its task is then task-NAME.yaml' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l trailer -d 'Add a trailer to the commit message; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l replace -d 'Replace the change on the branch as its next patch set'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l new-message -d 'With --replace, write the message anew even if somebody edited it'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l forget -d 'Ignore the options of the last run'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l trial -d 'Add the Zuul job to check only, non-voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l voting -d 'Add the Zuul job to check and gate, voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l periodic -d 'Run the Zuul job once a day, too: add it to the project\'s periodic pipeline'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l no-periodic -d 'Take the Zuul job out of the periodic pipeline again'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l no-zuul -d 'Add no Zuul job'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l replace-docs -d 'Replace READMEs that exist in rally-jobs; tasks and plugins are always kept'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l extend -d 'Add the workloads that are missing to a task that people have written'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l no-signoff -d 'Add no Signed-off-by'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l no-gpg-sign -d 'Do not sign the commit, even if commit.gpgSign is set'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand diff" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l service -d 'Treat it as this service, whatever its files say' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l base -d 'The commit to start from [default: the branch of gerrit or origin, else HEAD]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l branch -d 'The branch to create' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l change-id -d 'The Change-Id [default: that of the branch, else by the formula of Gerrit\'s hook]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l times -d 'Iterations of every workload' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l concurrency -d 'Iterations that run at the same time' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l limits-from -d 'Set the limits by what these results of earlier runs measured: a file or a folder; you can repeat this option' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l task -d 'The task that --extend adds to [default: the one that a job here runs]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l keep -d 'In an update, leave this file as it is; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l job -d 'Use another name for the job; its task is then task-NAME.yaml' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l trailer -d 'Add a trailer to the commit message; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l replace -d 'Replace the change on the branch as its next patch set'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l new-message -d 'With --replace, write the message anew even if somebody edited it'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l forget -d 'Ignore the options of the last run'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l trial -d 'Add the Zuul job to check only, non-voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l voting -d 'Add the Zuul job to check and gate, voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l periodic -d 'Run the Zuul job once a day, too: add it to the project\'s periodic pipeline'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l no-periodic -d 'Take the Zuul job out of the periodic pipeline again'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l no-zuul -d 'Add no Zuul job'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l replace-docs -d 'Replace READMEs that exist in rally-jobs; tasks and plugins are always kept'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l extend -d 'Add the workloads that are missing to a task that people have written'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l no-signoff -d 'Add no Signed-off-by'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l no-gpg-sign -d 'Do not sign the commit, even if commit.gpgSign is set'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand commit" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l service -d 'Treat it as this service, whatever its files say' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l base -d 'The commit to start from [default: the branch of gerrit or origin, else HEAD]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l branch -d 'The branch to create' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l change-id -d 'The Change-Id [default: that of the branch, else by the formula of Gerrit\'s hook]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l times -d 'Iterations of every workload' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l concurrency -d 'Iterations that run at the same time' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l limits-from -d 'Set the limits by what these results of earlier runs measured: a file or a folder; you can repeat this option' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l task -d 'The task that --extend adds to [default: the one that a job here runs]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l keep -d 'In an update, leave this file as it is; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l job -d 'Use another name for the job; its task is then task-NAME.yaml' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l trailer -d 'Add a trailer to the commit message; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -s o -l output -d 'Write to this file, or into this folder [default: -, standard output]' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l replace -d 'Replace the change on the branch as its next patch set'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l new-message -d 'With --replace, write the message anew even if somebody edited it'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l forget -d 'Ignore the options of the last run'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l trial -d 'Add the Zuul job to check only, non-voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l voting -d 'Add the Zuul job to check and gate, voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l periodic -d 'Run the Zuul job once a day, too: add it to the project\'s periodic pipeline'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l no-periodic -d 'Take the Zuul job out of the periodic pipeline again'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l no-zuul -d 'Add no Zuul job'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l replace-docs -d 'Replace READMEs that exist in rally-jobs; tasks and plugins are always kept'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l extend -d 'Add the workloads that are missing to a task that people have written'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l no-signoff -d 'Add no Signed-off-by'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l no-gpg-sign -d 'Do not sign the commit, even if commit.gpgSign is set'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l force -d 'Overwrite the file if it exists'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand patch" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l service -d 'Treat it as this service, whatever its files say' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l base -d 'The commit to start from [default: the branch of gerrit or origin, else HEAD]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l branch -d 'The branch to create' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l change-id -d 'The Change-Id [default: that of the branch, else by the formula of Gerrit\'s hook]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l times -d 'Iterations of every workload' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l concurrency -d 'Iterations that run at the same time' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l limits-from -d 'Set the limits by what these results of earlier runs measured: a file or a folder; you can repeat this option' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l task -d 'The task that --extend adds to [default: the one that a job here runs]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l keep -d 'In an update, leave this file as it is; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l job -d 'Use another name for the job; its task is then task-NAME.yaml' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l trailer -d 'Add a trailer to the commit message; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l topic -d 'The topic of the change' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l reviewer -d 'Add a reviewer; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l hashtag -d 'Add a hashtag; you can repeat this option' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l replace -d 'Replace the change on the branch as its next patch set'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l new-message -d 'With --replace, write the message anew even if somebody edited it'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l forget -d 'Ignore the options of the last run'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l trial -d 'Add the Zuul job to check only, non-voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l voting -d 'Add the Zuul job to check and gate, voting'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l periodic -d 'Run the Zuul job once a day, too: add it to the project\'s periodic pipeline'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l no-periodic -d 'Take the Zuul job out of the periodic pipeline again'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l no-zuul -d 'Add no Zuul job'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l replace-docs -d 'Replace READMEs that exist in rally-jobs; tasks and plugins are always kept'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l extend -d 'Add the workloads that are missing to a task that people have written'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l no-signoff -d 'Add no Signed-off-by'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l no-gpg-sign -d 'Do not sign the commit, even if commit.gpgSign is set'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l push -d 'Push to Gerrit, with your own git, ssh and pre-push hook'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l wip -d 'Mark the change as work in progress: Gerrit asks nobody for a review yet'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand review" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l from -d 'Read more repositories from this file, one a line; - is the standard input' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -s j -l jobs -d 'Repositories that are done at the same time [default: one for each core]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l base -d 'The commit to check [default: the work tree; HEAD in a bare repository]' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l select -d 'Report these rules only, separated by commas' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l ignore -d 'Leave these rules out, separated by commas' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l fix -d 'Print repairs as a diff for `git apply`, where they are certain; write nothing'
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l list-rules -d 'Print every rule with what it finds'
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand check" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l smallest -d 'The smallest change that matters, in percent' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l html -d 'Write a page with plots to this file' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l force -d 'Overwrite the file of --html if it exists'
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand compare" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l smallest -d 'The smallest change that matters, in percent' -r
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l html -d 'Write a page with plots to this file' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l in-order -d 'Take the runs in the order in which they are given, those of a folder by name [default: by their start]'
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l force -d 'Overwrite the file of --html if it exists'
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand trend" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -l catalogue -d 'A folder of more services: DIR/NAME/service.yaml' -r -F
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -l yaml -d 'Print the text of its entry, to start another from'
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand services" -l help -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand demo" -l format -d 'Results for people, one JSON object a line, or as other tools read what `check` finds' -r -f -a "text\t''
json\t''
github\t'Of `check`: annotations of GitHub\'s workflows'
sarif\t'Of `check`: one SARIF 2.1.0 document'"
complete -c git-rally -n "__fish_git_rally_using_subcommand demo" -l color -d 'When to use colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c git-rally -n "__fish_git_rally_using_subcommand demo" -s h -d 'Print help'
complete -c git-rally -n "__fish_git_rally_using_subcommand demo" -l help -d 'Print help'
