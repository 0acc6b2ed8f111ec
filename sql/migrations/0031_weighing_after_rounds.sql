-- SPDX-License-Identifier: EUPL-1.2
-- Nothing is resolved on while somebody may still be heard: a holiday that is added can open a round again that had
-- ended. Locks: none that anybody waits for.

update pp.machine_transition t set guards = '{not_ahead,formal_over,weighed}'
 where t.event in ('ABWAEGUNGSBESCHLUSS', 'PLANBESCHLUSS', 'PLANFESTSTELLUNGSBESCHLUSS', 'ENTSCHEIDUNG_BFP')
   and t.guards = '{not_ahead,weighed}';
