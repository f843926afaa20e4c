using System.Collections.Immutable;
using System.Reflection;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Settings;

/// <summary>
/// Fills options from an object of the settings file: each member into the property of the same name, sections
/// and lists of sections likewise. Null leaves the default. Unknown members, wrong kinds and values out of
/// range are faults with their place.
/// </summary>
internal sealed class SettingsBinder(ICollection<JsoncFault> faults)
{
    /// <summary>The most items of one list.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>Fills the target; the names that were given.</summary>
    public HashSet<string> Fill(object target, JsoncValue value)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        var members = new JsoncMembers(value, faults);
        foreach (var property in target.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var name = Setting.NameOf(property);
            if (members.Any(name) is { } member && Read(property, member) is { } read)
            {
                property.SetValue(target, read);
                given.Add(name);
            }
        }

        members.Done();
        return given;
    }

    private object? Read(PropertyInfo property, JsoncValue value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (ItemTypeOf(type) is { } itemType)
        {
            return ReadList(type, itemType, value);
        }

        var read = ReadOne(type, value);
        if (read is not null && SettingRange.FaultOf(property, read) is { } fault)
        {
            faults.Add(value.Fault(fault));
            return null;
        }

        return read;
    }

    private object? ReadList(Type type, Type itemType, JsoncValue value)
    {
        if (value.Kind != JsoncKind.Array || value.Items.Length > ItemsMax)
        {
            faults.Add(value.Fault($"Must be an array of at most {ItemsMax} items."));
            return null;
        }

        var items = value.Items.Select(item => ReadOne(itemType, item)).ToArray();
        if (items.Contains(null))
        {
            return null;
        }

        var array = Array.CreateInstance(itemType, items.Length);
        Array.Copy(items, array, items.Length);
        return type == typeof(ImmutableArray<string>) ? ImmutableArray.Create((string[])array) : array;
    }

    private object? ReadOne(Type type, JsoncValue value)
    {
        var kind = KindOf(type);
        if (kind == JsoncKind.Object)
        {
            var section = Activator.CreateInstance(type)!;
            Fill(section, value);
            return section;
        }

        if (value.Kind != kind)
        {
            faults.Add(value.Fault($"Must be {Word(kind)}."));
            return null;
        }

        if (SettingText.TryRead(type, value.Text, out var read, out var fault))
        {
            return read;
        }

        faults.Add(value.Fault($"The value {fault}."));
        return null;
    }

    private static Type? ItemTypeOf(Type type) =>
        type.IsGenericType
        && (
            type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            || type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        )
            ? type.GenericTypeArguments[0]
            : null;

    private static JsoncKind KindOf(Type type) =>
        type == typeof(bool) ? JsoncKind.Boolean
        : type == typeof(int) || type == typeof(long) ? JsoncKind.Number
        : type == typeof(string)
        || type == typeof(Uri)
        || type == typeof(Guid)
        || type == typeof(TimeSpan)
        || type.IsEnum
            ? JsoncKind.Text
        : JsoncKind.Object;

    private static string Word(JsoncKind kind) =>
        kind switch
        {
            JsoncKind.Boolean => "true or false",
            JsoncKind.Number => "a number",
            _ => "a string",
        };
}
