using System.CommandLine;
using System.CommandLine.Parsing;
using OpenPresence.Server.Cli;
using OpenPresence.Server.Cli.Commands;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly Dictionary<string, string> _environment = [];
    private ServerOptions? _served;

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Theory]
    [InlineData]
    [InlineData("serve")]
    public async Task Without_options_it_serves_with_the_defaults(params string[] args)
    {
        Assert.Equal(ExitCode.Done, await Run(args));

        Assert.Equivalent(new ServerOptions(), _served, strict: true);
        Assert.Equal("", _errors.ToString());
    }

    [Theory]
    [InlineData("--http-port 0 --https-port 0 --data state --profile development")]
    [InlineData("serve --http-port=0 --https-port 0 --data state --profile DEVELOPMENT")]
    public async Task The_options_that_scripts_rely_on_are_understood(string line)
    {
        Assert.Equal(ExitCode.Done, await Run(line.Split(' ')));

        Assert.Equivalent(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = 0,
                DataDirectory = "state",
            },
            _served,
            strict: true
        );
    }

    [Fact]
    public async Task A_flag_needs_no_value_and_takes_one()
    {
        await Run("--drop-in", "--strict", "true", "--built-in-issuer", "false");

        Assert.True(_served!.DropIn);
        Assert.True(_served.Strict);
        Assert.False(_served.BuiltInIssuer);
    }

    [Fact]
    public async Task A_list_can_be_repeated()
    {
        await Run("--certificate-names", "a.test", "--certificate-names", "b.test,c.test");

        Assert.Equal(["a.test", "b.test", "c.test"], _served!.CertificateNames);
    }

    [Fact]
    public async Task Faults_of_the_settings_stop_the_start_and_are_all_named()
    {
        Assert.Equal(ExitCode.BadInput, await Run("--http-port", "x", "--https-port", "-7"));

        Assert.Null(_served);
        Assert.Contains("httpPort (--http-port): the value 'x' is no whole number.", Errors);
        Assert.Contains("httpsPort (--https-port): -7 is not between -1 and 65,535.", Errors);
    }

    [Theory]
    [InlineData("--http-prt", "1")]
    [InlineData("--http-port")]
    [InlineData("--http-port", "1", "--http-port", "2")]
    [InlineData("sevre")]
    [InlineData("serve", "now")]
    [InlineData("get", "--urll", "http://localhost:1")]
    [InlineData("set")]
    [InlineData("set", "lena", "--clear", "everything")]
    [InlineData("seed")]
    public async Task What_the_command_line_does_not_know_begins_nothing(params string[] args)
    {
        Assert.Equal(ExitCode.BadInput, await Run(args));

        Assert.Null(_served);
        Assert.Equal("", _output.ToString());
        Assert.StartsWith("error: ", Errors);
        Assert.EndsWith("--help shows what there is.\n", Errors);
    }

    [Theory]
    [InlineData("hint: did you mean get?", "gett")]
    [InlineData("hint: did you mean --http-port?", "--http-prt", "1")]
    [InlineData("hint: openpresence seed check --help", "seed", "check")]
    public async Task What_was_most_likely_meant_is_said(string hint, params string[] args)
    {
        await Run(args);

        Assert.Contains(hint, Errors);
    }

    [Fact]
    public async Task The_variables_of_the_other_commands_are_no_strangers_to_serve()
    {
        _environment["OPENPRESENCE_URL"] = "http://localhost:8080";
        _environment["OPENPRESENCE_TOKEN"] = "x";
        _environment["OPENPRESENCE_DATA"] = "elsewhere";

        Assert.Equal(ExitCode.Done, await Run("serve"));

        Assert.Equal("elsewhere", _served!.DataDirectory);
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Help_lists_the_commands_and_teaches_by_example()
    {
        Assert.Equal(ExitCode.Done, await Run("--help"));

        var help = _output.ToString();
        Assert.Contains("openpresence [command] [options]", help);
        Assert.Contains("Examples:", help);
        Assert.DoesNotContain("--http-port", help);
        Assert.Null(_served);
    }

    public static TheoryData<string> ExamplesOfHelp
    {
        get
        {
            var shell = new Shell
            {
                Output = TextWriter.Null,
                Errors = TextWriter.Null,
                Environment = new Dictionary<string, string>(),
            };
            var root = CommandLine.Root((_, _) => Task.FromResult(ExitCode.Done), shell, isServing: false);
            return [.. All(root).SelectMany(taught => taught.Examples).Where(IsOurs).Distinct()];

            static IEnumerable<TaughtCommand> All(Command command) =>
                new[] { command }.OfType<TaughtCommand>().Concat(command.Subcommands.SelectMany(All));

            static bool IsOurs(string line) =>
                line.StartsWith("openpresence", StringComparison.Ordinal)
                && !line.Contains(" --help shows ", StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(ExamplesOfHelp))]
    public void An_example_of_help_is_understood(string line)
    {
        var shell = new Shell
        {
            Output = TextWriter.Null,
            Errors = TextWriter.Null,
            Environment = new Dictionary<string, string>(),
        };
        foreach (var command in line.Split("&&"))
        {
            var words = CommandLineParser.SplitCommandLine(command.Split('|')[0].Trim()).Skip(1).ToArray();

            var parsed = CommandLine
                .Root((_, _) => Task.FromResult(ExitCode.Done), shell, isServing: false)
                .Parse(words);

            Assert.Empty(parsed.Errors);
        }
    }

    [Fact]
    public async Task Help_of_serve_names_every_setting_with_its_default_and_range()
    {
        Assert.Equal(ExitCode.Done, await Run("serve", "--help"));

        var help = string.Join(' ', _output.ToString().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(_served);
        Assert.All(
            OpenPresence.Server.Settings.Setting.All,
            s => Assert.Contains(s.Option, help, StringComparison.Ordinal)
        );
        Assert.Contains("-1 to 65,535. [default: 5080]", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_check_counts_what_is_in_a_right_file()
    {
        var demo = Path.Combine(ProjectFiles.Root, "src/OpenPresence.Server/Seed/demo.seed.jsonc");

        Assert.Equal(ExitCode.Done, await Run("seed", "check", demo));

        Assert.Contains("demo.seed.jsonc is right: 1 tenant(s), 2 application(s), 14 people", _output.ToString());
    }

    [Fact]
    public async Task Seed_check_names_the_faults_of_a_wrong_file()
    {
        var missing = Path.Combine(ProjectFiles.Root, "no.seed.jsonc");
        Assert.Equal(ExitCode.BadInput, await Run("seed", "check", missing));
        Assert.StartsWith($"{missing}: The file cannot be read: ", Errors);

        var settings = Path.Combine(ProjectFiles.Root, "docs/settings.jsonc");
        Assert.Equal(ExitCode.BadInput, await Run("seed", "check", settings));
        Assert.Contains($"{settings}(10,1): $: The member 'tenants' is missing.", Errors);
        Assert.Null(_served);
    }

    private string Errors => _errors.ToString();

    private Task<int> Run(params string[] args) =>
        CommandLine.RunAsync(
            args,
            (options, _) =>
            {
                _served = options;
                return Task.FromResult(ExitCode.Done);
            },
            new Shell
            {
                Output = _output,
                Errors = _errors,
                Environment = _environment,
            }
        );
}
