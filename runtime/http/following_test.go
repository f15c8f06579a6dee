package http_test

import "testing"

// TestFollowing is of what one may read; a token for reading does not change it.
func TestFollowing(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw"}).is(201).id()
	at := "/forms/asset/records/" + id + "/follow"
	if got := keeper.get(at).is(200); got.at("following") != false || got.at("followers") != 0.0 {
		t.Errorf("%s", got.raw)
	}
	if got := keeper.send("PUT", at, nil).is(200); got.at("following") != true || got.at("followers") != 1.0 || got.at("exact") != true {
		t.Errorf("%s", got.raw)
	}
	if got := keeper.get("/followed?limit=1").is(200).ids("records"); len(got) != 1 || got[0] != id {
		t.Errorf("followed: %v", got)
	}
	if got := keeper.get("/followed?form=asset").is(200).ids("records"); len(got) != 1 || got[0] != id {
		t.Errorf("followed: %v", got)
	}
	keeper.create(map[string]any{"name": "Axe"}).is(201)
	for who, want := range map[*caller]int{keeper: 1, s.as("one", "viewer"): 0} {
		listed := who.get("/forms/asset/records?with=followed&sort=-updatedAt&count=exact").is(200).ids("records")
		asked := who.post("/forms/asset/query", map[string]any{"with": "followed"}).is(200).ids("records")
		if len(listed) != want || len(asked) != want || want == 1 && (listed[0] != id || asked[0] != id) {
			t.Errorf("%v and %v are followed, want %d", listed, asked, want)
		}
	}
	keeper.get("/followed?form=none").problem(404, "form.unknown")
	made := keeper.post("/me/tokens", map[string]any{"name": "reads", "scopes": []string{"read"}}).is(201)
	secret, _ := made.at("token").(string)
	reads := s.anyone().with("Authorization", "Bearer "+secret)
	reads.remove(at).problem(403, "access.scope")
	reads.get(at).is(200)
	if got := keeper.remove(at).is(200); got.at("following") != false {
		t.Errorf("%s", got.raw)
	}
	if got := keeper.get("/followed").is(200).ids("records"); len(got) != 0 {
		t.Errorf("followed: %v", got)
	}
	keeper.get("/forms/asset/records/none/follow").problem(404, "record.notFound")
	keeper.send("PUT", "/forms/asset/records/none/follow", nil).problem(404, "record.notFound")
}
