using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Graph.Users;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Facts;

/// <summary>The schema that is answered at <c>/$metadata</c>.</summary>
public sealed class MetadataTests
{
    private static readonly IEdmModel Served = Load();

    [Fact]
    public void It_is_a_valid_model()
    {
        Served.Validate(out var errors);
        Assert.Empty(errors);
    }

    [Fact]
    public void Whatever_it_shares_with_Graph_s_own_is_of_the_same_type()
    {
        var compared = 0;
        foreach (var type in Served.SchemaElements.OfType<IEdmStructuredType>())
        {
            if (GraphModel.Model.FindType(((IEdmSchemaType)type).FullName()) is not IEdmStructuredType own)
            {
                continue;
            }
            foreach (var property in type.DeclaredProperties)
            {
                if (own.FindProperty(property.Name) is { } theirs)
                {
                    compared++;
                    Assert.Equal(theirs.Type.FullName(), property.Type.FullName());
                }
            }
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void Every_route_begins_in_the_container()
    {
        var known = Served.EntityContainer.Elements.Select(element => element.Name).ToHashSet();
        var first = GraphRoutes
            .Table.Select(route => route.Template.Split('/')[1])
            .Where(segment => !segment.StartsWith('$'));
        Assert.Superset(first.ToHashSet(), known);
    }

    [Fact]
    public void Every_property_that_a_user_shows_by_default_is_in_it()
    {
        var user = (IEdmStructuredType)Served.FindType("microsoft.graph.user");
        Assert.All(UserProperties.Defaults, property => Assert.NotNull(user.FindProperty(property.Name)));
    }

    private static IEdmModel Load()
    {
        var file = Path.Combine(ProjectFiles.Root, "src/OpenPresence.Server/Graph/OData/graph.csdl.xml");
        using var xml = XmlReader.Create(file);
        return CsdlReader.TryParse(xml, out var model, out var errors)
            ? model
            : throw new InvalidDataException(string.Join('\n', errors));
    }
}
