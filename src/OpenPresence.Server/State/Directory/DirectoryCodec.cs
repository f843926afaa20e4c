using System.Buffers;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Directory changes as bytes and back, for the journal. The first byte is the kind. Kinds are part of the
/// file format: append, never renumber; an entry that this program does not know stops it, because skipping
/// it would make its directory differ from the other nodes'.
/// </summary>
public static class DirectoryCodec
{
    private enum Kind : byte
    {
        TenantUpserted = 1,
        PersonUpserted = 2,
        PersonKnown = 3,
        PersonRemoved = 4,
        ApplicationUpserted = 5,
        ApplicationRemoved = 6,
        PersonRevised = 7,
        PersonPhotoChanged = 8,
    }

    /// <summary>Appends the change's bytes.</summary>
    public static void Write(ArrayBufferWriter<byte> buffer, DirectoryChange change)
    {
        var output = new PackedWriter(buffer);
        switch (change)
        {
            case TenantUpserted c:
                output.Number((byte)Kind.TenantUpserted);
                WriteTenant(output, c.Tenant);
                break;
            case PersonUpserted c:
                output.Number((byte)Kind.PersonUpserted);
                WritePerson(output, c.Person);
                break;
            case PersonRevised c:
                output.Number((byte)Kind.PersonRevised);
                output.Long(c.Was.Value);
                WritePerson(output, c.Person);
                break;
            case PersonKnown c:
                output.Number((byte)Kind.PersonKnown);
                output.Id(c.Id);
                output.Id(c.TenantId);
                break;
            case PersonPhotoChanged c:
                output.Number((byte)Kind.PersonPhotoChanged);
                output.Id(c.PersonId);
                output.Byte(c.Photo is null ? (byte)0 : (byte)1);
                c.Photo?.Write(output);
                break;
            case PersonRemoved c:
                output.Number((byte)Kind.PersonRemoved);
                output.Id(c.Id);
                break;
            case ApplicationUpserted c:
                output.Number((byte)Kind.ApplicationUpserted);
                WriteApplication(output, c.Application);
                break;
            case ApplicationRemoved c:
                output.Number((byte)Kind.ApplicationRemoved);
                output.Id(c.ClientId);
                break;
            default:
                throw new NotSupportedException($"No bytes for {change.GetType().Name}.");
        }
    }

    /// <summary>The change that the bytes, all of them, say.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static DirectoryChange Read(ReadOnlySpan<byte> bytes)
    {
        var input = new PackedReader(bytes);
        DirectoryChange change = (Kind)input.Number() switch
        {
            Kind.TenantUpserted => new TenantUpserted(ReadTenant(ref input)),
            Kind.PersonUpserted => new PersonUpserted(ReadPerson(ref input)),
            Kind.PersonRevised => ReadRevised(ref input),
            Kind.PersonKnown => new PersonKnown(input.Id(), input.Id()),
            Kind.PersonPhotoChanged => new PersonPhotoChanged(
                input.Id(),
                input.Byte() == 0 ? null : PersonPhoto.Read(ref input)
            ),
            Kind.PersonRemoved => new PersonRemoved(input.Id()),
            Kind.ApplicationUpserted => new ApplicationUpserted(ReadApplication(ref input)),
            Kind.ApplicationRemoved => new ApplicationRemoved(input.Id()),
            _ => throw PackedReader.Broken(),
        };
        return input.AtEnd ? change : throw PackedReader.Broken();
    }

    private static PersonRevised ReadRevised(ref PackedReader input)
    {
        var was = new PersonVersion(input.Long());
        return new PersonRevised(ReadPerson(ref input), was);
    }

    private static void WritePerson(PackedWriter output, Person person)
    {
        output.Id(person.Id);
        output.Id(person.TenantId);
        PersonPacking.Write(output, person with { Photo = null });
    }

    private static Person ReadPerson(ref PackedReader input)
    {
        var id = input.Id();
        var tenantId = input.Id();
        return PersonPacking.Read(ref input, id, tenantId);
    }

    internal static void WriteTenant(PackedWriter output, Tenant tenant)
    {
        output.Id(tenant.Id);
        output.Text(tenant.DisplayName);
        output.Texts(tenant.Domains);
    }

    internal static Tenant ReadTenant(ref PackedReader input) => new(input.Id(), input.Text(), input.Texts());

    internal static void WriteApplication(PackedWriter output, Application application)
    {
        output.Id(application.ClientId);
        output.Id(application.TenantId);
        output.Text(application.DisplayName);
        output.Id(application.ServicePrincipalId);
        output.Flag(application.IsPublicClient);
        output.Texts(application.SecretHashes);
        output.Texts(application.Certificates);
        output.Texts(application.RedirectUris);
        output.Texts(application.ApplicationPermissions);
        output.Texts(application.DelegatedScopes);
    }

    internal static Application ReadApplication(ref PackedReader input) =>
        new(input.Id(), input.Id(), input.Text())
        {
            ServicePrincipalId = input.Id(),
            IsPublicClient = input.Flag(),
            SecretHashes = input.Texts(),
            Certificates = input.Texts(),
            RedirectUris = input.Texts(),
            ApplicationPermissions = input.Texts(),
            DelegatedScopes = input.Texts(),
        };
}
