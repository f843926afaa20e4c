using OpenPresence.Server.Identity;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Settings;

/// <summary><c>docs/settings.jsonc</c> is what people read: it must be what the code does.</summary>
public class SettingsDocumentTests
{
    private const string Document = "docs/settings.jsonc";

    [Fact]
    public void The_documented_settings_are_the_defaults_in_code()
    {
        var path = Path.Combine(ProjectFiles.Root, Document);

        var read = SettingsReader.Read(
            new Dictionary<string, string[]> { ["--settings"] = [path] },
            new Dictionary<string, string>()
        );

        Assert.Empty(read.Faults);
        Assert.Equivalent(new ServerOptions(), read.Options, strict: true);
    }

    [Fact]
    public void Every_setting_is_documented_in_the_order_of_the_code()
    {
        var faults = new List<JsoncFault>();
        var root = JsoncDocument.Read(File.ReadAllBytes(Path.Combine(ProjectFiles.Root, Document)), faults);

        Assert.Equal(NamesOf(typeof(ServerOptions)), root!.Members.Select(m => m.Name));
        var auth = root.Members.Single(m => m.Name == "auth").Value;
        Assert.Equal(NamesOf(typeof(AuthOptions)), auth.Members.Select(m => m.Name));
    }

    [Fact]
    public void Every_range_in_code_stands_in_the_document()
    {
        var text = ProjectFiles.Read(Document);

        foreach (var setting in Setting.All.Where(s => s.Attribute.Min > long.MinValue))
        {
            var comment = text[..text.LastIndexOf($"\"{setting.Name}\"", StringComparison.Ordinal)];
            var range = $"{setting.Attribute.Min:N0} to {setting.Attribute.Max:N0}";
            Assert.Contains(range, comment[comment.LastIndexOf("\n\n", StringComparison.Ordinal)..]);
        }
    }

    [Fact]
    public void Names_differ_in_all_three_places()
    {
        Assert.Distinct(Setting.All.Select(s => s.Option));
        Assert.Distinct(Setting.All.Select(s => s.Variable));
        Assert.Contains(Setting.All, s => s is { Option: "--data", Variable: "OPENPRESENCE_DATA" });
    }

    private static IEnumerable<string> NamesOf(Type options) =>
        options.GetProperties().Where(p => p.CanWrite).Select(Setting.NameOf);
}
