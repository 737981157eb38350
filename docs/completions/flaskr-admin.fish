# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_flaskr_admin_global_optspecs
    string join \n config= instance= h/help V/version
end

function __fish_flaskr_admin_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_flaskr_admin_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_flaskr_admin_using_subcommand
    set -l cmd (__fish_flaskr_admin_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -s V -l version -d 'Print version'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "init-db" -d 'Create the database, or bring an existing one up to date'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "secret-key" -d 'Make or replace the key that signs cookies'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "user" -d 'Add, show, disable and delete users, and help them log in'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "invite" -d 'Print a link that lets one person register, where `registration = "invite"`'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "post" -d 'Look at posts, whoever wrote them, and delete one'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "comment" -d 'Look at comments, approve and delete them'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "import" -d 'Take over posts: of the tutorial\'s Flaskr, of Markdown files, or of WordPress'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "export" -d 'Write all posts and drafts as Markdown files, which `import` reads back'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "backup" -d 'Copy the database while the daemon serves, and look the copy over'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "verify" -d 'Say whether a backup is whole, and what is in it'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "restore" -d 'Put a backup in the place of the database, while the daemon is stopped'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "copy" -d 'Copy the whole site into another database: from the file to a PostgreSQL server, or back'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "theme" -d 'Begin a theme with files of ours, and say what is wrong with one'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "reload" -d 'Have the daemon take its settings, its theme and its secret key anew, while it serves'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "stats" -d 'Count what is there, and how much room it takes'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "config" -d 'Show every setting as it takes effect'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "check" -d 'Look for everything that would keep the daemon from serving, and say the mend'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "completions" -d 'Print what a shell needs to complete the words of this command'
complete -c flaskr-admin -n "__fish_flaskr_admin_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand init-db" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand init-db" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand init-db" -l clear -d 'Delete all data and create new tables; a file is backed up before'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand init-db" -l yes -d 'Do not ask before deleting'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand init-db" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -f -a "generate" -d 'Make a random key, unless there is one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -f -a "rotate" -d 'Put a new key in front of the old ones, which still verify'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and not __fish_seen_subcommand_from generate rotate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from generate" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from generate" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from rotate" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from rotate" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Make a random key, unless there is one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Put a new key in front of the old ones, which still verify'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand secret-key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "add" -d 'Add a user; the password is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "list" -d 'List the users'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "show" -d 'Show what is known of a user: role, state, second factor, sessions, and how much they wrote'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "password" -d 'Set a user\'s password, which ends their sessions; it is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "reset-link" -d 'Print a link with which a user sets a new password, good once, for a day'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "disable" -d 'Keep a user from logging in, and end their sessions'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "enable" -d 'Let a disabled user log in again'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "role" -d 'Let a user decide on what others wrote, or no longer'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "sessions" -d 'List a user\'s sessions, the one that was used last first, or end one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "logout" -d 'End every session of a user, or of all'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "second-factor-off" -d 'Take away the second factor of a user who lost it'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "delete" -d 'Delete an account for good, as its user can on their own page'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and not __fish_seen_subcommand_from add list show password reset-link disable enable role sessions logout second-factor-off delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from add" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from add" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from list" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from list" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from show" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from show" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from password" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from password" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from password" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from reset-link" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from reset-link" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from reset-link" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from reset-link" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from disable" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from disable" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from enable" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from enable" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from role" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from role" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from role" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from sessions" -l end -d 'End this one, by the beginning of what the list calls it' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from sessions" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from sessions" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from sessions" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from sessions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from logout" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from logout" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from logout" -l all -d 'Of every user'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from second-factor-off" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from second-factor-off" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from second-factor-off" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from delete" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from delete" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from delete" -l with-posts -d 'Delete what they wrote too, and what others said to it'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from delete" -l yes -d 'Do not ask before deleting'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a user; the password is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the users'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what is known of a user: role, state, second factor, sessions, and how much they wrote'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "password" -d 'Set a user\'s password, which ends their sessions; it is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "reset-link" -d 'Print a link with which a user sets a new password, good once, for a day'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "disable" -d 'Keep a user from logging in, and end their sessions'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "enable" -d 'Let a disabled user log in again'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "role" -d 'Let a user decide on what others wrote, or no longer'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "sessions" -d 'List a user\'s sessions, the one that was used last first, or end one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "logout" -d 'End every session of a user, or of all'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "second-factor-off" -d 'Take away the second factor of a user who lost it'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete an account for good, as its user can on their own page'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand invite" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand invite" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand invite" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand invite" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -f -a "list" -d 'List posts, the newest first'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -f -a "show" -d 'Show a post, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -f -a "delete" -d 'Take a post out of the site, as its author does'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and not __fish_seen_subcommand_from list show delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l author -d 'Of this user alone' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l before -d 'From behind this one on: the last of the list before' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l limit -d 'At most so many, up to 1000' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from show" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from show" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from delete" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from delete" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from help" -f -a "list" -d 'List posts, the newest first'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a post, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Take a post out of the site, as its author does'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand post; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -f -a "list" -d 'List comments, the newest first, those that wait to be approved too'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -f -a "show" -d 'Show a comment, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -f -a "approve" -d 'Let everybody see a comment that waits'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -f -a "delete" -d 'Delete a comment for good'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and not __fish_seen_subcommand_from list show approve delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l post -d 'Under this post alone' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l author -d 'Of this user alone' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l before -d 'From behind this one on: the last of the list before' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l limit -d 'At most so many, up to 1000' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l waiting -d 'Those alone that wait to be approved'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from show" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from show" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from show" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from approve" -l reason -d 'Why, for the log of moderators' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from approve" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from approve" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the log of moderators' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from delete" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from delete" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from help" -f -a "list" -d 'List comments, the newest first, those that wait to be approved too'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a comment, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Let everybody see a comment that waits'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a comment for good'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand comment; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -l author -d 'Whose posts are that say no author' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -l dry-run -d 'Say what would be done, and store nothing'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -l keep-going -d 'Leave out what cannot be read, instead of stopping'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand export" -l author -d 'Of this user alone' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand export" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand export" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand export" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l keep -d 'Then delete the oldest backups in the directory, but this many' -r
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l force -d 'Replace a file that is there'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l if-file -d 'Do nothing and say so, instead of failing, where the database is on a server'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand verify" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand verify" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand verify" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand restore" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand restore" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand restore" -l force -d 'Replace a database that has users or posts'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l to -d 'The address of a server, as in `[database] url`, or a file' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l password-file -d 'The file whose first line is the password there; in the address others would see it' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l ca -d 'The certificates, in PEM, that the server\'s own is checked by, instead of the system\'s' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -s h -l help -d 'Print help'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -f -a "export" -d 'Write the built-in templates and static files into a directory, to change some of them'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -f -a "check" -d 'Say everything that is wrong with a theme, with its file and line'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and not __fish_seen_subcommand_from export check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from export" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from export" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from export" -l force -d 'Overwrite what is there'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from check" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from check" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write the built-in templates and static files into a directory, to change some of them'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say everything that is wrong with a theme, with its file and line'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand theme; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand reload" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand reload" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand reload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand stats" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand stats" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand stats" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand config" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand config" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand config" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -l full -d 'Look at each index of the database too, which takes longer'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -l mend -d 'Delete rows of the database that refer to nothing; a file is backed up before'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -l json -d 'For a script: one JSON document, with times as in RFC 3339'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand completions" -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand completions" -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "init-db" -d 'Create the database, or bring an existing one up to date'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "secret-key" -d 'Make or replace the key that signs cookies'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "user" -d 'Add, show, disable and delete users, and help them log in'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "invite" -d 'Print a link that lets one person register, where `registration = "invite"`'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "post" -d 'Look at posts, whoever wrote them, and delete one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "comment" -d 'Look at comments, approve and delete them'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "import" -d 'Take over posts: of the tutorial\'s Flaskr, of Markdown files, or of WordPress'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "export" -d 'Write all posts and drafts as Markdown files, which `import` reads back'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "backup" -d 'Copy the database while the daemon serves, and look the copy over'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "verify" -d 'Say whether a backup is whole, and what is in it'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "restore" -d 'Put a backup in the place of the database, while the daemon is stopped'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "copy" -d 'Copy the whole site into another database: from the file to a PostgreSQL server, or back'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "theme" -d 'Begin a theme with files of ours, and say what is wrong with one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "reload" -d 'Have the daemon take its settings, its theme and its secret key anew, while it serves'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "stats" -d 'Count what is there, and how much room it takes'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "config" -d 'Show every setting as it takes effect'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "check" -d 'Look for everything that would keep the daemon from serving, and say the mend'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "completions" -d 'Print what a shell needs to complete the words of this command'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and not __fish_seen_subcommand_from init-db secret-key user invite post comment import export backup verify restore copy theme reload stats config check completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from secret-key" -f -a "generate" -d 'Make a random key, unless there is one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from secret-key" -f -a "rotate" -d 'Put a new key in front of the old ones, which still verify'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "add" -d 'Add a user; the password is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "list" -d 'List the users'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "show" -d 'Show what is known of a user: role, state, second factor, sessions, and how much they wrote'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "password" -d 'Set a user\'s password, which ends their sessions; it is asked for, or read from standard input'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "reset-link" -d 'Print a link with which a user sets a new password, good once, for a day'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "disable" -d 'Keep a user from logging in, and end their sessions'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "enable" -d 'Let a disabled user log in again'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "role" -d 'Let a user decide on what others wrote, or no longer'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "sessions" -d 'List a user\'s sessions, the one that was used last first, or end one'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "logout" -d 'End every session of a user, or of all'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "second-factor-off" -d 'Take away the second factor of a user who lost it'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "delete" -d 'Delete an account for good, as its user can on their own page'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from post" -f -a "list" -d 'List posts, the newest first'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from post" -f -a "show" -d 'Show a post, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from post" -f -a "delete" -d 'Take a post out of the site, as its author does'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from comment" -f -a "list" -d 'List comments, the newest first, those that wait to be approved too'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from comment" -f -a "show" -d 'Show a comment, with its text as it was typed'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from comment" -f -a "approve" -d 'Let everybody see a comment that waits'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from comment" -f -a "delete" -d 'Delete a comment for good'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from theme" -f -a "export" -d 'Write the built-in templates and static files into a directory, to change some of them'
complete -c flaskr-admin -n "__fish_flaskr_admin_using_subcommand help; and __fish_seen_subcommand_from theme" -f -a "check" -d 'Say everything that is wrong with a theme, with its file and line'
