//! Examples under the help of each command: what a person is likely to want, ready to be typed.

pub(super) const ALL: &str = "Examples:
  loopshark lab --count 5               the whole practice: server, client, capture, table
  loopshark lab --count 60 --interval 100ms --loss 20% --delay 5ms --view summary
                                        a bad network, and what it does to the transmission
  loopshark read practica6.pcap         the exchanges of a saved capture
  loopshark read lab.pcapng --view packets --all
                                        every frame, as tshark prints it
  loopshark capture -a duration:10 -w lab.pcap
                                        ten seconds of loopback traffic, shown and saved
  loopshark check informe.pdf lab.pcap  whether a report's table shows what was captured
  loopshark doctor                      whether a capture works here, and what to do where not";

pub(super) const LAB: &str = "Examples:
  loopshark lab                         five messages, one a second, and the table of them
  loopshark lab --count 20 --interval 100ms -w lab.pcap
                                        faster, and the frames saved for Wireshark
  loopshark lab --bind '[::1]:8080'     the same over IPv6
  loopshark lab --loss 20% --delay 5ms --seed 3 --view summary
                                        faults on purpose, the same in each run";

pub(super) const SERVER: &str = "Examples:
  loopshark server                      the lab's server, on 127.0.0.1:8080
  loopshark server --echo --bind 127.0.0.1:9000
                                        answers with what it received, at another port
  loopshark server --loss 20% --delay 5ms
                                        loses and delays responses on purpose";

pub(super) const CLIENT: &str = "Examples:
  loopshark client --count 5            five messages, one a second
  loopshark client --interactive        sends each line that is typed
  loopshark client --server 127.0.0.1:9000 --message hola --interval 200ms
                                        to another server, faster
  loopshark client --in-flight 32 --count 100000 --quiet
                                        as fast as the server answers";

pub(super) const CAPTURE: &str = "Examples:
  loopshark capture                     what passes the loopback adapter, until Ctrl-C
  loopshark capture -f \"udp port 8080 or icmp\" -w lab.pcap
                                        the lab alone, saved too
  loopshark capture -i eth0 -a duration:10 --view summary
                                        ten seconds of another adapter, in figures
  loopshark capture -w - | tshark -r -  frames for another program";

pub(super) const READ: &str = "Examples:
  loopshark read practica6.pcap         requests with their responses and response times
  loopshark read practica6.pcap --view packets --all
                                        every frame, as tshark prints it
  loopshark read practica6.pcap --view summary --timeout 0.5
                                        figures; a response after half a second is late
  loopshark read practica6.pcap -T jsonl
                                        for a script
  tcpdump -i lo -w - | loopshark read -  from another program";

pub(super) const REPORT: &str = "Examples:
  loopshark report practica6.pcap -o informe.html --lang es
                                        the exchanges, figures and plots, to be opened in any browser or printed
  loopshark report practica6.pcap -o informe.md
                                        the same in Markdown, with tables in the place of plots";

pub(super) const CHECK: &str = "Examples:
  loopshark check informe.pdf practica6.pcap
                                        row by row, what the report shows and what was captured
  loopshark check --annotate marked.png screenshot.png practica6.pcap
                                        the same, marked on the picture
  loopshark check informe.md            without the capture: what the rows say of each other
  loopshark read practica6.pcap --all --view packets | loopshark check - practica6.pcap

Verdicts: match, near (only what OCR and typing confuse is otherwise), differs, absent (no such frame in the capture),
unreadable. A finding is a place to look, not an accusation. Pictures are read by tesseract, if it is installed.";

pub(super) const INTERFACES: &str = "Examples:
  loopshark interfaces                  numbers, names and addresses
  loopshark capture -i 2                captures on the second of them";

pub(super) const DOCTOR: &str = "Examples:
  loopshark doctor                      the loopback adapter, and the lab's address
  loopshark doctor --port 9000          another port
  loopshark doctor --bind '[::1]:8080' -i eth0
                                        another address and another adapter
  loopshark doctor -T json              for a script; status 1 where a capture would not work";

pub(super) const COMPLETIONS: &str = "Examples:
  loopshark completions bash > ~/.local/share/bash-completion/completions/loopshark
  loopshark completions zsh > ~/.zfunc/_loopshark
                                        with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc
  loopshark completions fish > ~/.config/fish/completions/loopshark.fish
  loopshark completions powershell >> $PROFILE";

pub(super) const MAN: &str = "Examples:
  loopshark man -o ~/.local/share/man/man1
                                        all pages, where `man loopshark` finds them
  loopshark man read | man -l -         one page, read at once";

#[cfg(test)]
mod tests {
    use super::super::{command, try_parse};

    /// What a shell makes of an example: its words, without the remark behind it, and without other programs.
    fn words(line: &str) -> Option<Vec<String>> {
        let typed = line.split(" | ").find(|part| part.trim_start().starts_with("loopshark "))?.trim();
        let typed = typed.split("   ").next()?.split(" > ").next()?.split(" >> ").next()?;
        // A remark may stand close behind.
        shlex::split(typed.split("  ").next()?)
    }

    #[test]
    fn every_example_is_a_command_line_that_is_understood() {
        let mut commands = command().disable_help_subcommand(true);
        commands.build();
        let own = commands.get_subcommands().filter(|command| command.get_name() != "help");
        for command in [&commands].into_iter().chain(own) {
            let text = command.get_after_long_help().or(command.get_after_help()).unwrap().to_string();
            let examples: Vec<_> = text.lines().filter(|line| line.starts_with("  ")).filter_map(words).collect();
            assert!(!examples.is_empty(), "{}", command.get_name());
            for example in examples {
                let args: Vec<_> = example.iter().map(Into::into).collect();
                assert!(try_parse(&args).is_ok(), "{example:?}");
            }
        }
    }
}
