using System.Text;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// A person as they are kept, of whom only what is asked for is unpacked. For looking at very many of them: a
/// <see cref="Person"/> costs a microsecond and a kilobyte, most of it for attributes that are rarely read.
/// </summary>
/// <remarks>One object is every row of a walk in turn, so what is to be kept of it must be unpacked.</remarks>
public sealed class PackedPerson
{
    private byte[] attributes = new byte[512];
    private int length;

    internal PackedPerson() { }

    public Guid Id { get; private set; }

    public Guid TenantId { get; private set; }

    public string UserPrincipalName => Encoding.UTF8.GetString(Name);

    public string DisplayName =>
        Text(PersonText.DisplayName) ?? $"{Text(PersonText.GivenName)} {Text(PersonText.Surname)}";

    public string? Mail => PersonPacking.IsMailTheName(Attributes) ? UserPrincipalName : Text(PersonText.Mail);

    public bool AccountEnabled => PersonPacking.IsAccountEnabled(Attributes);

    public bool HasPhoto => PersonPacking.HasPhoto(Attributes);

    internal ReadOnlySpan<byte> Name => new PackedReader(Attributes).TextBytes();

    private ReadOnlySpan<byte> Attributes => attributes.AsSpan(0, length);

    /// <summary>A text that stands in the record by itself; null: it does not.</summary>
    public string? Text(PersonText text)
    {
        var bytes = PersonPacking.Find(Attributes, text, out var isThere);
        return isThere ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>The whole person, to keep.</summary>
    public Person Unpack()
    {
        var input = new PackedReader(Attributes);
        return PersonPacking.Read(ref input, Id, TenantId);
    }

    /// <summary>Becomes a row that is that person.</summary>
    internal static PackedPerson Of(Person person)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        PersonPacking.Write(new PackedWriter(buffer), person);
        var packed = new PackedPerson();
        packed.Become(person.Id, person.TenantId, buffer.WrittenSpan);
        return packed;
    }

    internal void Become(Guid id, Guid tenantId, ReadOnlySpan<byte> packed)
    {
        if (packed.Length > attributes.Length)
        {
            attributes = new byte[packed.Length * 2];
        }

        packed.CopyTo(attributes);
        (Id, TenantId, length) = (id, tenantId, packed.Length);
    }
}

/// <summary>The texts that can be unpacked one by one.</summary>
public enum PersonText : byte
{
    /// <summary>Absent where it is made of the two names.</summary>
    DisplayName,
    GivenName,
    Surname,

    /// <summary>Absent where it is the user principal name.</summary>
    Mail,
    JobTitle,
    Department,
    OfficeLocation,
    MobilePhone,
    PreferredLanguage,
}
