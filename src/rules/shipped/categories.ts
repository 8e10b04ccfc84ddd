/** The categories every installation has, and what they are called. */
export const shippedCategories: readonly {
  readonly id: string
  readonly parentId: string | null
  readonly en: string
  readonly zh: string
}[] = [
  { id: 'product', parentId: null, en: 'Product fault', zh: '产品故障' },
  { id: 'product.screen', parentId: 'product', en: 'Screen', zh: '屏幕' },
  { id: 'product.camera', parentId: 'product', en: 'Camera', zh: '相机' },
  { id: 'product.battery', parentId: 'product', en: 'Battery and charging', zh: '电池与充电' },
  { id: 'product.boot', parentId: 'product', en: 'Starting up', zh: '开机' },
  { id: 'product.lag', parentId: 'product', en: 'Slow or freezing', zh: '卡顿' },
  { id: 'product.network', parentId: 'product', en: 'Network', zh: '网络' },
  { id: 'product.data', parentId: 'product', en: 'Data', zh: '数据' },
  { id: 'service', parentId: null, en: 'After-sales service', zh: '售后服务' },
  { id: 'price', parentId: null, en: 'Price and promotion', zh: '价格与促销' },
  { id: 'usage', parentId: null, en: 'Usage', zh: '使用咨询' },
  { id: 'repeat', parentId: null, en: 'Repeated dispute', zh: '反复纠纷' },
  { id: 'warranty', parentId: null, en: 'Warranty', zh: '保修' },
  { id: 'lost', parentId: null, en: 'Lost or stolen', zh: '丢失或被盗' },
]
