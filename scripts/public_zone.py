#!/usr/bin/env python3
"""Writes demo/public/figures.csv, definitions/metrics/published.toml and definitions/metric_names.toml.

Usage: scripts/public_zone.py INDICATORS.csv
INDICATORS.csv has the columns zone, indicator, period, value, unit, growth_pct, target, source, confidence, note.
The keys of indicators that are only published stand in KEYS below; a new indicator is one line there.
"""
import csv, re, sys

# Indicators that the ordinary catalogue defines: published name → metric key, by unit where it matters.
KNOWN = {
    ("地区生产总值", "亿元"): "gdp", ("实际使用外资", "亿美元"): "utilized_fdi", ("实际使用外资", "万美元"): "utilized_fdi",
    ("进出口总额", "亿元"): "foreign_trade", ("一般公共预算收入", "亿元"): "public_budget_revenue",
    ("规上工业总产值", "亿元"): "gross_industrial_output", ("规上工业总产值", "万元"): "gross_industrial_output",
    ("规上工业总产值（累计）", "万元"): "gross_industrial_output", ("固定资产投资", "亿元"): "fixed_asset_investment",
    ("招商引资到位资金", "亿元"): "funds_in_place", ("工业增加值", "亿元"): "industrial_value_added",
    ("高新技术企业", "家"): "high_tech_enterprise", ("规上工业企业", "家"): "above_scale_industry",
    ("国家级专精特新小巨人", "家"): "little_giant", ("省级及以上研发机构", "家"): "rd_institution_provincial",
    ("新增四上企业", "家"): "four_above.added", ("新增规上工业企业", "家"): "above_scale_industry.added",
    ("新增高新技术企业", "家"): "high_tech_enterprise.added", ("新认定高新技术企业", "家"): "high_tech_enterprise.added",
    ("新增专精特新小巨人企业", "家"): "little_giant.added", ("新认定国家级小巨人", "家"): "little_giant.added",
    ("新认定省级专精特新", "家"): "srdi.added", ("外资再投资", "万美元"): "fdi_reinvestment",
    ("研发投入强度", "%"): "rd_intensity", ("出口总额", "亿元"): "exports", ("进口总额", "亿元"): "imports",
}
# Indicators that are only published: name (and unit where several) → key and English.
KEYS = """
规上工业增加值增速|industrial_value_added_growth|Growth of above-scale value added
第一产业增加值|primary_value_added|Value added of the primary sector
第二产业增加值|secondary_value_added|Value added of the secondary sector
第三产业增加值|tertiary_value_added|Value added of the tertiary sector
固定资产投资增速|fixed_asset_investment_growth|Growth of fixed-asset investment
税收收入|tax_revenue|Tax revenue
工业总产值|industrial_output_all|Industrial output, all enterprises
社会消费品零售总额|retail_sales|Retail sales of consumer goods
进出口总额@亿美元|foreign_trade_usd|Imports and exports in US dollars
财政收入|fiscal_revenue|Fiscal revenue
锂电原材料本地供给率|lithium_local_supply_rate|Local supply rate of lithium-battery materials
2+4产业集群产值|cluster_output|Output of the 2+4 clusters
地区生产总值增速|gdp_growth|Growth of gross regional product
出口总额@亿美元|exports_usd|Exports in US dollars
进口总额@亿美元|imports_usd|Imports in US dollars
进出口占全国比重|foreign_trade_national_share|Share of national foreign trade
新引进项目|introduced_projects|Newly introduced projects
重点投资项目总投资|key_investment_projects_total|Total investment of key investment projects
集中开复工项目总投资|concentrated_starts_total|Total investment of projects started together
累计引进产业项目|introduced_industry_projects_sum|Industry projects introduced in all
工业固定资产投资增速|industrial_fixed_asset_growth|Growth of industrial fixed-asset investment
进出口总额增速|foreign_trade_growth|Growth of foreign trade
社会消费品零售总额增速|retail_sales_growth|Growth of retail sales
规上单位数|above_scale_units|Above-scale units
收入合计|revenue_sum|Sum of revenue
地区生产总值占全国比重|gdp_national_share|Share of national GDP
实际使用外资占全国比重|fdi_national_share|Share of national utilised foreign capital
高新技术产品进出口额|high_tech_trade|Trade of high-technology products
国家级孵化器和众创空间|national_incubators_spaces|National incubators and maker spaces
大型制造业企业|large_manufacturers|Large manufacturers
梳理行政权力和政务服务事项|service_items_sorted|Power and service items sorted
锂电主要基础材料种类|lithium_material_kinds|Kinds of basic lithium-battery materials
锂电产业园规划面积|lithium_park_area|Planned area of the lithium-battery park
锂电池原材料生产企业|lithium_material_makers|Makers of lithium-battery materials
新能源电池招商推介会签约项目|battery_fair_projects|Projects signed at the battery fair
新能源电池招商推介会签约金额|battery_fair_amount|Amount signed at the battery fair
在建新能源电池及材料项目|battery_projects_building|Battery projects being built
在建新能源电池及材料项目总投资|battery_projects_building_total|Total investment of battery projects being built
锂离子电池日产能|lithium_cell_daily_capacity|Daily capacity of lithium-ion cells
锂电原辅材料本地供给率目标|lithium_auxiliary_supply_target|Target of the local supply rate of materials and auxiliaries
锂电原辅材料本地供给率|lithium_auxiliary_supply_rate|Local supply rate of materials and auxiliaries
电芯生产企业|cell_makers|Makers of cells
电池PACK企业|pack_makers|Makers of battery packs
认领编制行政权力和公共服务事项|service_items_claimed|Power and service items claimed
带标出让项目用地|transfer_with_standards_parcels|Parcels transferred with standards
项目审批时限|project_approval_days|Working days for a project's approval
人均地区生产总值@万元|gdp_per_head_wan|GDP per head in 万元
人均地区生产总值@元|gdp_per_head|GDP per head
十大生态产业增加值占比|ecological_industries_share|Share of the ten ecological industries
战略性新兴产业占工业总产值比重|strategic_industries_share|Share of strategic emerging industries in output
实施招商引资项目|promotion_projects|Investment-promotion projects carried out
重点项目|key_projects|Key projects
重点项目开复工@个|key_projects_started|Key projects started
重点项目开复工@项|key_projects_started_items|Key projects started (items)
限额以上商贸企业|above_limit_trade|Above-limit trade enterprises
重大项目前期费|major_project_preparation_funds|Preparation funds of major projects
重点工业项目|key_industrial_projects|Key industrial projects
重点工业项目开复工|key_industrial_projects_started|Key industrial projects started
重点工业项目完成投资|key_industrial_projects_invested|Investment done in key industrial projects
新认定创新型中小企业|innovative_sme_added|New innovative SMEs
5G基站|base_stations_5g|5G base stations
数据中心机柜服务能力|data_centre_racks|Racks of data centres
城镇居民人均可支配收入|urban_income|Disposable income of urban residents
农村居民人均可支配收入|rural_income|Disposable income of rural residents
500万元以上重点投资项目|projects_above_5m|Key projects above 5 million yuan
重点投资项目完成投资|key_investment_projects_invested|Investment done in key investment projects
开复工率|start_rate|Rate of projects started
投资完成率|investment_completion_rate|Rate of investment done
集中开复工项目@项|concentrated_starts_items|Projects started together (items)
集中开复工项目@个|concentrated_starts|Projects started together
集中开复工项目年度计划投资|concentrated_starts_plan|Year plan of projects started together
新开工亿元以上项目|new_projects_above_100m|New projects above 100 million yuan
新开工亿元以上项目总投资|new_projects_above_100m_total|Total investment of new projects above 100 million yuan
新开工亿元以上项目年度计划投资|new_projects_above_100m_plan|Year plan of new projects above 100 million yuan
重点投资项目|key_investment_projects|Key investment projects
重大项目|major_projects|Major projects
重大项目总投资|major_projects_total|Total investment of major projects
招商引资项目|promotion_project_items|Investment-promotion projects
省外到位资金|funds_in_place_other_provinces|Funds in place from other provinces
金融机构本外币贷款余额|loans_outstanding|Loans outstanding
累计实施招商引资项目|promotion_projects_sum|Investment-promotion projects in all
累计招商引资到位资金|funds_in_place_sum|Funds in place in all
六大领域实施项目|six_fields_projects|Projects in six fields
近五届兰洽会签约项目|fair_five_years_projects|Projects signed at five fairs
近五届兰洽会签约金额|fair_five_years_amount|Amount signed at five fairs
建筑业增加值|construction_value_added|Value added of construction
签约项目|signed_projects|Signed projects
签约项目总投资|signed_projects_total|Total investment of signed projects
列入全市投资项目清单|city_list_projects|Projects in the city's list
清单项目总投资|city_list_total|Total investment of the list
国家级经开区综合排名|national_rank|National rank
货物吞吐量|cargo_throughput|Cargo throughput
兰洽会引进项目|fair_projects|Projects introduced at the fair
兰洽会引进项目总投资|fair_projects_total|Total investment introduced at the fair
省外项目投资|other_provinces_investment|Investment from other provinces
10亿元以上项目|projects_above_1bn|Projects above one billion yuan
一般公共预算收入增速|public_budget_revenue_growth|Growth of public budget revenue
全社会用电量增速|electricity_growth|Growth of electricity use
市场主体增速|market_entities_growth|Growth of market entities
新引进项目总投资|introduced_projects_total|Total investment of newly introduced projects
签约额增速|signed_amount_growth|Growth of the amount signed
工业用电量增速|industrial_electricity_growth|Growth of industrial electricity use
进出口占全省比重|foreign_trade_province_share|Share of the province's foreign trade
新引进产业项目|introduced_industry_projects|Newly introduced industry projects
新引进产业项目总投资|introduced_industry_projects_total|Total investment of newly introduced industry projects
民间投资增速|private_investment_growth|Growth of private investment
常住人口|resident_population|Resident population
累计引进产业项目总投资|introduced_industry_projects_sum_total|Total investment of industry projects introduced in all
科技进步贡献率|technology_contribution_rate|Contribution rate of technical progress
创新平台|innovation_platforms|Innovation platforms
服务业增加值|service_value_added|Value added of services
服务业占比|service_share|Share of services
高新技术产值占比|high_tech_output_share|Share of high-technology output
生物医药产值|biomedicine_output|Output of biomedicine
纳米技术应用产值|nanotechnology_output|Output of nanotechnology
人工智能产值|ai_output|Output of artificial intelligence
总部企业|headquarters|Headquarters
商品销售总额|commodity_sales|Commodity sales
财税总收入|fiscal_tax_revenue|Fiscal and tax revenue
区级税收收入|district_tax_revenue|District tax revenue
一般公共预算支出|public_budget_expenditure|Public budget expenditure
财政八项支出|eight_items_expenditure|Eight items of expenditure
工业总产值增速|industrial_output_all_growth|Growth of industrial output
高端汽车和新能源智能汽车产值|vehicle_output|Output of vehicles
新一代信息技术产值|new_it_output|Output of new information technology
机器人和智能制造产值|robot_output|Output of robots and smart manufacturing
信息服务业营收|information_service_revenue|Revenue of information services
金融业两项净收入增速|finance_income_growth|Growth of two kinds of financial net income
批零业商品销售额增速|trade_sales_growth|Growth of sales of trade
大中型重点企业研发费用增速|rd_spending_growth|Growth of R&D spending of key enterprises
地区生产总值年均增速|gdp_average_growth|Average yearly growth of GDP
主导产业年均增速|leading_industries_growth|Average yearly growth of leading industries
四大主导产业工业总产值|four_industries_output|Output of the four leading industries
工业投资增速|industrial_investment_growth|Growth of industrial investment
亿元以上工业企业|industry_above_100m|Industrial enterprises above 100 million yuan
签约落地项目|landed_projects|Signed and landed projects
签约落地项目总投资|landed_projects_total|Total investment of landed projects
投产项目|projects_in_production|Projects in production
规上工业目标增速|above_scale_target_growth|Target growth of above-scale industry
上市企业|listed_enterprises|Listed enterprises
实际使用外资（含再投资）|utilized_fdi_with_reinvestment|Utilised foreign capital with reinvestment
合同外资|contracted_fdi|Contracted foreign capital
三大主导产业产值增速|three_industries_growth|Output growth of the three leading industries
规上工业税收|above_scale_tax|Tax of above-scale industry
规上工业用电量|above_scale_electricity|Electricity of above-scale industry
工业投资|industrial_investment|Industrial investment
基础设施投资|infrastructure_investment|Infrastructure investment
新签约项目|newly_signed_projects|Newly signed projects
"""
CLASS = {"金昌市": "city"}
STOCK = {"家", "户", "位", "万人", "座", "亩", "种", "个", "项", "件", "宗"}

def unit_of(unit):
    """(quantity, unit of the definition) of a published unit."""
    if unit in ("亿元", "万元", "元"):
        return "money", unit
    if unit in ("亿美元", "万美元"):
        return "usd", unit
    if unit == "%":
        return "percent", unit
    if unit in ("亿千瓦时",):
        return "energy", "亿kWh"
    if unit == "万吨":
        return "mass", "万t"
    if unit == "亩":
        return "area", "亩"
    if unit in ("万支/日", "工作日"):
        return "compound", unit
    return "count", unit

def main(path):
    rows = list(csv.DictReader(open(path, encoding="utf-8")))
    keys = {}
    for line in KEYS.strip().splitlines():
        name, key, english = line.split("|")
        name, _, unit = name.partition("@")
        keys[(name, unit)] = (key, english)
    names, definitions = {}, {}
    for r in rows:
        name, unit = r["indicator"], r["unit"]
        if (name, unit) in KNOWN:
            names.setdefault(name, {})[unit] = KNOWN[(name, unit)]
            continue
        key, english = keys.get((name, unit)) or keys[(name, "")]
        names.setdefault(name, {})[unit] = key
        definitions[key] = (name, english, *unit_of(unit), unit in STOCK)
    with open("definitions/metrics/published.toml", "w", encoding="utf-8") as f:
        f.write("# Indicators known only from published texts of zones and cities: what was printed, kept as printed.\n"
                "# Their exact scope is the publisher's; comparing them across zones is at the reader's risk.\n"
                "# Made by scripts/public_zone.py; the names by which they were published stand in metric_names.toml.\n")
        for key in sorted(definitions):
            name, english, quantity, unit, stock = definitions[key]
            several = len(names[name]) > 1
            label = f"{name}（{unit}）" if several else name
            time = "ratio" if quantity in ("percent", "compound") or key.startswith("gdp_per_head") else "stock" if stock else "flow"
            f.write(f'\n[{key}]\nlabel      = {{ zh = "{label}", en = "{english}" }}\nquantity   = "{quantity}"\nunit       = "{unit}"\n'
                    f'definition = {{ zh = "按发布单位的口径，照所发布的文字记录。", en = "As published, in the scope of its publisher." }}\n'
                    f'time       = "{time}"\nfrom       = "facts"\nsubjects   = "zone"\nowner      = "economy"\nsources    = ["published", "office"]\nsource     = "各园区、各市公开发布"\n'
                    f'confidence = "B"\nvalid_from = "2000-01"\n')
    with open("definitions/metric_names.toml", "w", encoding="utf-8") as f:
        f.write("# Other names of metrics, as publications write them. With a unit, where one name is published in several.\n"
                "# Made by scripts/public_zone.py.\n\n")
        for name in sorted(names):
            units = names[name]
            same = len(set(units.values())) == 1
            entries = [f'{{ metric = "{key}" }}' for key in dict.fromkeys(units.values())] if same else \
                      [f'{{ metric = "{key}", unit = "{unit}" }}' for unit, key in units.items()]
            f.write(f'"{name}" = [{", ".join(entries)}]\n')
    with open("demo/public/figures.csv", "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["主体", "主体类别", "指标", "报告期", "数值", "计量单位", "同比增长（%）", "目标", "口径", "数据来源", "可信度", "备注"])
        for r in rows:
            zone = r["zone"]
            kind = CLASS.get(zone) or ("aggregate" if zone.startswith("国家级经开区合计") else "zone")
            bound = "以上" if re.search(r"above|at least|以上", r["note"]) else ""
            w.writerow([zone, kind, r["indicator"], r["period"], r["value"], r["unit"], r["growth_pct"], r["target"], bound, r["source"], r["confidence"], r["note"]])

main(sys.argv[1])
