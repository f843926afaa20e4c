using System.Text.RegularExpressions;
using OpenPresence.Server.Scim;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Scim;

/// <summary>
/// <c>docs/provisioning.md</c> says what the code does; its requests are checked with those of other documents.
/// </summary>
public sealed partial class ProvisioningDocumentTests
{
    private const string Document = "docs/provisioning.md";

    public static TheoryData<string> Entries =>
        [.. Block().Matches(ProjectFiles.Read(Document)).Select(m => m.Groups["json"].Value)];

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_entry_that_is_shown_is_a_good_setting(string entry)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $$"""{ "provisioning": { "clients": [ {{entry}} ] } }""");
            var read = SettingsReader.Read(
                new Dictionary<string, string[]> { [SettingsReader.FileOption] = [file] },
                new Dictionary<string, string>()
            );
            Assert.Empty(read.Faults);
            Assert.Single(read.Options.Provisioning.Clients);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_is_kept_and_offered_is_what_the_document_says()
    {
        var text = ProjectFiles.Read(Document);
        Assert.NotEmpty(Entries);
        foreach (var attribute in ScimSchema.All.SelectMany(schema => schema.Attributes))
        {
            var isNamed = Regex.IsMatch(text, @$"\| `{attribute.Name}\b", RegexOptions.None);
            Assert.True(attribute.IsKept == isNamed || attribute.Name is "name", attribute.Name);
        }
        Assert.Contains($"`count` up to {ListScimUsers.PageMax} (default {ListScimUsers.PageDefault})", text);
        Assert.Contains($"up to {PatchScimUser.OperationsMax} operations", text);
        Assert.Contains($"{ScimDoor.WrongTokensMax} wrong tokens within 30 seconds", text);
        Assert.Contains($"at least {ProvisioningTokens.TokenCharsMin} characters", text);
    }

    [GeneratedRegex("^```jsonc\n(?<json>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
