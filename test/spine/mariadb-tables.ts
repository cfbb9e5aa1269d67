// The tables of the water bureau, of urban management and of transport as a MariaDB shop writes them: upper-case names, DATETIME, and a
// date of all zeros where there is none; transport's are the province's, in lower case and with times as text. Columns stand in the order of the sandbox's tables.
import type { MariadbTables } from './open-mariadb-copy.ts';

export const WATER_TABLES: MariadbTables = {
  ST_STBPRP_B: `STCD char(8) primary key, STNM char(30) not null, RVNM char(30), HNNM char(30), BSNM char(30),
    LGTD decimal(10,6), LTTD decimal(10,6), STLC char(50), ADDVCD char(6), DTMNM char(16),
    STTP char(2), USESYMB char(1), ADMAUTH char(20), MODITIME datetime`,
  ST_RSVRFCCH_B: `STCD char(8) primary key, DAMEL decimal(7,3), CKFLZ decimal(7,3), DSFLZ decimal(7,3), NORMZ decimal(7,3),
    DDZ decimal(7,3), TTCP decimal(9,3)`,
  ST_RSVRFSR_B: `STCD char(8), BGMD varchar(4), EDMD varchar(4), FSLTDZ decimal(7,3), FSTP char(1), primary key (STCD, BGMD)`,
  ST_RSVR_R: `STCD varchar(8), MPCD char(1), TM datetime, RZ decimal(7,3), INQ decimal(9,3), W decimal(9,3), OTQ decimal(9,3),
    RWPTN char(1), primary key (STCD, MPCD, TM), key (TM)`,
  ST_PPTN_R: `STCD varchar(8), TM datetime, DRP decimal(5,1), INTV decimal(5,2), PDR decimal(5,2), DYP decimal(5,1), WTH char(1),
    primary key (STCD, TM), key (TM)`,
  REI_PRJDBINF: `DNGCD char(12) primary key, PRJNMCD varchar(20), DNGHTM datetime, DNGPST varchar(40), DNGSVT char(1),
    LGTD decimal(10,6), LTTD decimal(10,6), DNGRSAN varchar(200), TRMM varchar(200), DNGPRDT varchar(200),
    REPORTER varchar(20), RPTTLNB varchar(20), RMK varchar(200)`,
  REI_BRCHINF: `DNGCD char(12) primary key, BRCHWD decimal(6,1)`,
  REI_FLFTTR: `DNGCD varchar(12), TM datetime, FTTRDSC varchar(200), primary key (DNGCD, TM), key (TM)`,
};

export const CASE_TABLES: MariadbTables = {
  T_CASE_INFO: `CASE_NO varchar(30) primary key, BIG_TYPE varchar(4), SMALL_TYPE varchar(6), X decimal(12,3), Y decimal(12,3),
    ADDRESS varchar(200), CASE_DESC varchar(500), REPORT_TEL varchar(20), REPORT_TM datetime, FILING_TM datetime,
    DISPATCH_TM datetime, HANDLE_TM datetime, CHECK_TM datetime, CLOSE_TM datetime, HANDLE_TMMIT datetime,
    IS_FILING char(1), IS_FILCLOSE char(1), DEPT_NAME varchar(50), XZQH varchar(12), QX varchar(30), JD varchar(30),
    SQ varchar(30), IS_TEST tinyint not null, DEL_FLAG char(1) not null, UPDATE_TM datetime not null, key (UPDATE_TM)`,
};

const numbered = (name: string, most: number): string =>
  Array.from({ length: most + 1 }, (_, at) => `${name}${String(at).padStart(2, '0')} tinyint`).join(', ');

export const TRANSPORT_TABLES: MariadbTables = {
  vehicle_info: `vehicle_no varchar(20), vehicle_color varchar(4), vehicle_type char(1), is_hazmat char(1), sim_no varchar(20),
    owner_name varchar(100), cargo_name varchar(50), xzqh varchar(12), primary key (vehicle_no, vehicle_color)`,
  gps_record: `vehicle_no varchar(20), vehicle_color varchar(2), vehicle_type char(1), encrypt tinyint, date_time varchar(19),
    lng int, lat int, velocity1 int, velocity2 int, mileage int, direction int, altitude int, ${numbered('state', 13)},
    ${numbered('alarm', 23)}, primary key (vehicle_no, vehicle_color, date_time), key (date_time)`,
};
