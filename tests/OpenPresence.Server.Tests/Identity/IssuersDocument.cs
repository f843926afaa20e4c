using System.Text.RegularExpressions;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>The examples of docs/issuers.md, read as a settings file would be.</summary>
internal static partial class IssuersDocument
{
    public static IReadOnlyList<TrustedIssuerOptions> Examples { get; } = Read();

    public static TrustedIssuerOptions Example(string name) => Examples.Single(example => example.Name == name);

    private static IReadOnlyList<TrustedIssuerOptions> Read()
    {
        var blocks = Block().Matches(ProjectFiles.Read("docs/issuers.md")).Select(match => match.Groups["json"].Value);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $$"""{ "auth": { "trustedIssuers": [ {{string.Join(',', blocks)}} ] } }""");
            var read = SettingsReader.Read(
                new Dictionary<string, string[]> { [SettingsReader.FileOption] = [file] },
                new Dictionary<string, string>()
            );
            Assert.Empty(read.Faults);
            return [.. read.Options.Auth.TrustedIssuers];
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex("^```jsonc\n(?<json>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
