/** Front door of segments/: tags, conditions, previews, audiences, exports. */
export {
  type ListOptions,
  type ListPosition,
  type OrderLineView,
  type OrderView,
  profileOrders,
  type RefundView,
  suspectedDoubles,
  unmatchedReturns,
} from './order-lists.ts';
