namespace OpenPresence.Engine;

/// <summary>
/// The names of availabilities and activities on the wire. Written in PascalCase, as every capture of the
/// real service shows. Read in any letter case: newer reference pages list the values in lowerCamelCase, and
/// which of the two a client learnt from is not its user's fault. Numbers, blanks and lists, which
/// <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> would take, are not names.
/// </summary>
public static class PairNames
{
    private static readonly string[] Availabilities = Enum.GetNames<Availability>();
    private static readonly string[] Activities = Enum.GetNames<Activity>();

    /// <summary>The name of an availability.</summary>
    public static string Of(Availability availability) => Availabilities[(int)availability];

    /// <summary>The name of an activity.</summary>
    public static string Of(Activity activity) => Activities[(int)activity];

    /// <summary>The availability that a name means, in any letter case.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Availability availability)
    {
        var index = IndexOf(name, Availabilities);
        availability = (Availability)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The activity that a name means, in any letter case.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Activity activity)
    {
        var index = IndexOf(name, Activities);
        activity = (Activity)Math.Max(index, 0);
        return index >= 0;
    }

    private static int IndexOf(ReadOnlySpan<char> name, string[] names)
    {
        for (var index = 0; index < names.Length; index++)
        {
            if (name.Equals(names[index], StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }
        return -1;
    }
}
