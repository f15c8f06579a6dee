package http

import runtimehttp "tidewater/runtime/http"

func (s *server) peopleRoutes() []runtimehttp.Route { return nil }
