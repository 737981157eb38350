complete -c flaskr -l config -d 'The config file [default: /etc/flaskr/config.toml if it exists]' -r -F
complete -c flaskr -l instance -d 'The directory that holds the site, instead of the configured one' -r -f -a "(__fish_complete_directories)"
complete -c flaskr -l listen -d 'Where to listen, instead of the configured place: ADDRESS:PORT or a socket, `unix:PATH`' -r
complete -c flaskr -s h -l help -d 'Print help (see more with \'--help\')'
complete -c flaskr -s V -l version -d 'Print version'
