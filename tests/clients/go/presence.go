package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/communications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

// shows expects a presence of a person, as "Busy/InAMeeting".
func shows(presence models.Presenceable, err error, id, pair string) error {
	if err != nil {
		return err
	}
	got := text(presence.GetAvailability()) + "/" + text(presence.GetActivity())
	return holds(text(presence.GetId()) == id && got == pair,
		"%s shows %s instead of %s", text(presence.GetId()), got, pair)
}

// viktorShows expects what the application sees of Viktor.
func viktorShows(ctx context.Context, pair string) error {
	presence, err := app.Users().ByUserId(viktor).Presence().Get(ctx, nil)
	return shows(presence, err, viktor, pair)
}

func session(availability, activity string) users.ItemPresenceSetPresencePostRequestBodyable {
	body := users.NewItemPresenceSetPresencePostRequestBody()
	body.SetSessionId(to(application))
	body.SetAvailability(&availability)
	body.SetActivity(&activity)
	body.SetExpirationDuration(serialization.FromDuration(time.Hour))
	return body
}

func set(ctx context.Context, availability, activity string) error {
	return app.Users().ByUserId(viktor).Presence().SetPresence().Post(ctx, session(availability, activity), nil)
}

func clearSession(ctx context.Context) error {
	body := users.NewItemPresenceClearPresencePostRequestBody()
	body.SetSessionId(to(application))
	return app.Users().ByUserId(viktor).Presence().ClearPresence().Post(ctx, body, nil)
}

func aPresence(ctx context.Context) error {
	presence, err := app.Users().ByUserId(jonas).Presence().Get(ctx, nil)
	if err := shows(presence, err, jonas, "DoNotDisturb/Presenting"); err != nil {
		return err
	}
	other, err := app.Communications().Presences().ByPresenceId(priya).Get(ctx, nil)
	return errors.Join(
		shows(other, err, priya, "Away/BeRightBack"),
		holds(presence.GetSequenceNumber() != nil, "no sequence number"),
		holds(!*presence.GetOutOfOfficeSettings().GetIsOutOfOffice(), "out of office"))
}

func ownPresence(ctx context.Context) error {
	presence, err := person.Me().Presence().Get(ctx, nil)
	return shows(presence, err, viktor, "Offline/Offline")
}

func severalPresences(ctx context.Context) error {
	body := communications.NewGetPresencesByUserIdPostRequestBody()
	body.SetIds([]string{mara, jonas})
	answer, err := app.Communications().GetPresencesByUserId().PostAsGetPresencesByUserIdPostResponse(ctx, body, nil)
	if err != nil {
		return err
	}
	presences := answer.GetValue()
	if len(presences) != 2 {
		return fmt.Errorf("%d presences instead of 2", len(presences))
	}
	return errors.Join(
		shows(presences[0], nil, mara, "Busy/InAMeeting"),
		shows(presences[1], nil, jonas, "DoNotDisturb/Presenting"))
}

func allPresences(ctx context.Context) error {
	first, err := app.Communications().Presences().Get(ctx, &communications.PresencesRequestBuilderGetRequestConfiguration{
		QueryParameters: &communications.PresencesRequestBuilderGetQueryParameters{Top: to(int32(5))}})
	if err != nil {
		return err
	}
	pages, err := msgraphcore.NewPageIterator[models.Presenceable](
		first, app.GetAdapter(), models.CreatePresenceCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	err = pages.Iterate(ctx, func(presence models.Presenceable) bool {
		seen[text(presence.GetId())] = true
		return true
	})
	if err != nil {
		return err
	}
	count, err := app.Communications().Presences().Count().Get(ctx, nil)
	if err != nil {
		return err
	}
	return holds(int(*count) == len(seen) && len(seen) > 5, "%d of %d presences", len(seen), *count)
}

func sessions(ctx context.Context) error {
	if err := set(ctx, "Busy", "InACall"); err != nil {
		return err
	}
	if err := viktorShows(ctx, "Busy/InACall"); err != nil {
		return err
	}
	if err := clearSession(ctx); err != nil {
		return err
	}
	if err := viktorShows(ctx, "Offline/Offline"); err != nil {
		return err
	}

	presence := app.Communications().Presences().ByPresenceId(viktor)
	body := communications.NewPresencesItemSetPresencePostRequestBody()
	body.SetSessionId(to(application))
	body.SetAvailability(to("Available"))
	body.SetActivity(to("Available"))
	body.SetExpirationDuration(serialization.FromDuration(5 * time.Minute))
	if err := presence.SetPresence().Post(ctx, body, nil); err != nil {
		return err
	}
	if err := viktorShows(ctx, "Available/Available"); err != nil {
		return err
	}
	end := communications.NewPresencesItemClearPresencePostRequestBody()
	end.SetSessionId(to(application))
	return presence.ClearPresence().Post(ctx, end, nil)
}

func preferredPresence(ctx context.Context) error {
	if err := set(ctx, "Available", "Available"); err != nil {
		return err
	}
	body := users.NewItemPresenceSetUserPreferredPresencePostRequestBody()
	body.SetAvailability(to("DoNotDisturb"))
	body.SetActivity(to("DoNotDisturb"))
	body.SetExpirationDuration(serialization.FromDuration(8 * time.Hour))
	if err := person.Me().Presence().SetUserPreferredPresence().Post(ctx, body, nil); err != nil {
		return err
	}
	if err := viktorShows(ctx, "DoNotDisturb/DoNotDisturb"); err != nil {
		return err
	}
	if err := person.Me().Presence().ClearUserPreferredPresence().Post(ctx, nil); err != nil {
		return err
	}
	return errors.Join(viktorShows(ctx, "Available/Available"), clearSession(ctx))
}

func say(ctx context.Context, content string, until models.DateTimeTimeZoneable) error {
	item := models.NewItemBody()
	item.SetContent(&content)
	item.SetContentType(to(models.TEXT_BODYTYPE))
	message := models.NewPresenceStatusMessage()
	message.SetMessage(item)
	if until != nil {
		message.SetExpiryDateTime(until)
	}
	body := users.NewItemPresenceSetStatusMessagePostRequestBody()
	body.SetStatusMessage(message)
	return person.Me().Presence().SetStatusMessage().Post(ctx, body, nil)
}

func statusMessage(ctx context.Context) error {
	content := "In a meeting until noon ☕"
	end := time.Now().UTC().Add(2 * time.Hour).Format("2006-01-02T15:04:05")
	until := models.NewDateTimeTimeZone()
	until.SetDateTime(&end)
	until.SetTimeZone(to("UTC"))
	if err := say(ctx, content, until); err != nil {
		return err
	}
	mine, err := person.Me().Presence().Get(ctx, nil)
	if err != nil {
		return err
	}
	theirs, err := app.Users().ByUserId(viktor).Presence().Get(ctx, nil)
	if err != nil {
		return err
	}
	own, seen := mine.GetStatusMessage(), theirs.GetStatusMessage()
	if err := errors.Join(
		holds(text(own.GetMessage().GetContent()) == content, "own: %s", text(own.GetMessage().GetContent())),
		holds(text(seen.GetMessage().GetContent()) == content, "seen: %s", text(seen.GetMessage().GetContent())),
		holds(strings.HasPrefix(text(own.GetExpiryDateTime().GetDateTime()), end), "another end"),
		holds(own.GetPublishedDateTime() != nil, "not published"),
		holds(seen.GetExpiryDateTime() == nil, "only the person sees when the message ends")); err != nil {
		return err
	}

	if err := say(ctx, "", nil); err != nil {
		return err
	}
	mine, err = person.Me().Presence().Get(ctx, nil)
	if err != nil {
		return err
	}
	return holds(mine.GetStatusMessage() == nil, "the message is still there")
}

func workLocation(ctx context.Context) error {
	mine := person.Me().Presence()
	place := func() (models.UserWorkLocationable, error) {
		presence, err := mine.Get(ctx, nil)
		if err != nil {
			return nil, err
		}
		return presence.GetWorkLocation(), nil
	}
	manual := users.NewItemPresenceSetManualLocationPostRequestBody()
	manual.SetWorkLocationType(to(models.OFFICE_WORKLOCATIONTYPE))
	manual.SetPlaceId(to("brno-1-16"))
	if err := mine.SetManualLocation().Post(ctx, manual, nil); err != nil {
		return err
	}
	location, err := place()
	if err != nil {
		return err
	}
	if text(location.GetPlaceId()) != "brno-1-16" {
		return fmt.Errorf("place %s", text(location.GetPlaceId()))
	}

	automatic := users.NewItemPresenceSetAutomaticLocationPostRequestBody()
	automatic.SetWorkLocationType(to(models.REMOTE_WORKLOCATIONTYPE))
	if err := mine.SetAutomaticLocation().Post(ctx, automatic, nil); err != nil {
		return err
	}
	// The choice of the person goes first.
	if location, err = place(); err != nil {
		return err
	}
	return errors.Join(
		holds(*location.GetWorkLocationType() == models.OFFICE_WORKLOCATIONTYPE, "%v", *location.GetWorkLocationType()),
		mine.ClearAutomaticLocation().Post(ctx, nil),
		mine.ClearLocation().Post(ctx, nil))
}
